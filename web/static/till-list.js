// What was sold today, how each sale stands, carts put aside, and money given back.
import * as carts from "./till-cart.js";
import { parse, yuan } from "./till-money.js";
import { paper } from "./till-pay.js";
import { $, ask, button, clock, copy, part, say } from "./till-show.js";
import { newId } from "./till-store.js";

let till;

// begin hangs the lists up.
export const begin = (app) => {
  till = app;
  $("list").onclick = () => { $("day").showModal(); draw(); };
  $("held").onclick = () => { drawHeld(); $("carts").showModal(); };
  $("hold").onclick = () => till.hold();
  $("day-send").onclick = () => till.queue.now();
  $("day-file").onclick = file;
  $("refund-do").onclick = refund;
};

const words = (sold) => sold.cart.lines.map((l) => l.name + (l.quantity > 1 ? ` ×${l.quantity}` : "")).join(say("comma"));

// draw shows the sales of this shift, and every other one that is not in the books.
export const draw = () => {
  $("held").hidden = till.held.length === 0;
  $("held").textContent = say("held", { n: till.held.length });
  if (!$("day").open) return; // a long day is many rows
  const shown = till.sales.filter((s) => s.session === till.session?.id || s.state !== "done").sort((a, b) => (a.at < b.at ? 1 : -1));
  const own = shown.filter((s) => s.session === till.session?.id);
  $("day-sum").textContent = say("day_sum", { n: own.length, amount: yuan(own.reduce((n, s) => n + carts.total(s.cart), 0)) });
  $("day-rows").replaceChildren(...shown.map(row));
  const open = shown.some((s) => s.state !== "done");
  $("day-send").hidden = !shown.some((s) => s.state === "waiting");
  $("day-file").hidden = !open;
};

const row = (sold) => {
  const made = copy("t-row");
  made.dataset.state = sold.state;
  made.querySelector(".name").textContent = sold.number || sold.slip;
  made.querySelector(".amount").textContent = yuan(carts.total(sold.cart));
  made.querySelector(".what").textContent = `${clock(sold.at)} · ${sold.number ? `${sold.slip} · ` : ""}${words(sold)}`;
  made.querySelector(".say").textContent = stands(sold);
  const acts = made.querySelector(".acts");
  acts.append(button(say("slip_show"), () => { paper(sold); $("slip-change").hidden = true; till.shown = sold.id; $("slip").showModal(); }));
  if (sold.state === "done" && !sold.back?.whole) acts.append(button(say("refund"), () => openRefund(sold)));
  if (sold.state === "refused") {
    acts.append(button(say("again"), () => again(sold, {})));
    if (till.session && sold.session !== till.session.id) acts.append(button(say("again_here"), () => again(sold, { session: till.session.id })));
    if (sold.filed) acts.append(button(say("handed"), () => hand(sold)));
  }
  return made;
};

const stands = (sold) => {
  if (sold.back) return say("refunded", { amount: yuan(sold.back.fen) });
  if (sold.state === "refused") return say("refused_because", { text: sold.text || sold.code }) + say("refused_next");
  if (sold.state === "handed") return say("handed_is");
  return sold.state === "done" ? say("is_done") : say("is_waiting") + (sold.text ? ` (${sold.text})` : "");
};

const again = async (sold, into) => {
  await till.store.change([{ id: sold.id, state: "waiting", text: "", code: "", ...into }]);
  await till.refresh();
  till.queue.now();
};

const hand = async (sold) => {
  if (!(await ask(say("hand_ask"), say("hand_text", { slip: sold.slip, amount: yuan(carts.total(sold.cart)) }), say("handed")))) return;
  await till.store.change([{ id: sold.id, state: "handed" }]);
  await till.refresh();
};

// file gives out what is not in the books, so that it can be carried to the treasurer.
const file = async () => {
  const open = till.sales.filter((s) => s.state !== "done");
  const text = JSON.stringify({ till: till.base, written: new Date().toISOString(), sales: open.map((s) => ({ session: s.session, state: s.state, code: s.code, text: s.text, ...s.wire })) }, null, 1);
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: `till-${till.slug}-${new Date().toISOString().slice(0, 10)}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
  await till.store.change(open.map(({ id }) => ({ id, filed: true })));
  await till.refresh();
};

const drawHeld = () => {
  $("carts-rows").replaceChildren(...till.held.map((cart) => {
    const made = copy("t-row");
    made.querySelector(".name").textContent = say("bar_count", { n: carts.pieces(cart) });
    made.querySelector(".amount").textContent = yuan(carts.total(cart));
    made.querySelector(".what").textContent = `${cart.at ? clock(cart.at) : ""} ${words({ cart })}`;
    made.querySelector(".acts").append(button(say("resume"), () => { $("carts").close(); till.resume(cart); }, "btn dense"));
    return made;
  }));
};

let back; // the refund being written: {id, sold, counts}

const openRefund = (sold) => {
  back = { id: newId(), sold, counts: sold.cart.lines.map((l, i) => l.quantity - (sold.back?.counts?.[i] ?? 0)) };
  const left = [...back.counts];
  $("refund-of").textContent = `${sold.number} · ${yuan(carts.goods(sold.cart))}`;
  $("refund-lines").replaceChildren(...sold.cart.lines.map((l, i) => {
    const made = document.createElement("li");
    const pick = Object.assign(document.createElement("select"), { className: "input short", id: `refund-${i}` });
    for (let n = left[i]; n >= 0; n--) pick.add(new Option(n ? say("refund_n", { n, amount: yuan(n * l.price) }) : say("refund_none"), n));
    pick.onchange = () => { back.counts[i] = Number(pick.value); sum(); };
    made.append(Object.assign(part("label", "", l.name), { htmlFor: pick.id }), pick);
    return made;
  }));
  for (const id of ["reason", "login", "password", "code"]) $(`refund-${id}`).value = "";
  $("refund-wrong").textContent = "";
  $("refund-second").hidden = true;
  sum();
  $("refund").showModal();
};

const sum = () => {
  const fen = back.sold.cart.lines.reduce((n, l, i) => n + l.price * back.counts[i], 0);
  const limit = parse(till.state.refund_limit ?? "");
  if (limit !== undefined && fen > limit) $("refund-second").hidden = false;
  $("refund-sum").textContent = yuan(fen);
  return fen;
};

// refund asks the server, which alone may give money back; without a network it waits for one.
const refund = async () => {
  const fen = sum();
  const reason = $("refund-reason").value.trim();
  const wrong = (text) => { $("refund-wrong").textContent = text; };
  if (!fen) return wrong(say("refund_nothing"));
  if (!reason) return wrong(say("refund_reason"));
  const body = { id: back.id, session: till.session?.id, reason, lines: back.counts.map((quantity, i) => ({ line: i + 1, quantity })).filter((l) => l.quantity > 0) };
  if (!$("refund-second").hidden) body.approver = { login: $("refund-login").value, password: $("refund-password").value, code: $("refund-code").value };
  let answer;
  try {
    answer = await till.server.ask(`/sales/${back.sold.id}/refund`, body);
  } catch { return wrong(say("refund_offline")); }
  if (!answer.ok) {
    if (/approver|totp/.test(answer.code)) $("refund-second").hidden = false;
    return wrong(answer.text);
  }
  const before = back.sold.back ?? { fen: 0, counts: back.sold.cart.lines.map(() => 0) };
  const counts = before.counts.map((n, i) => n + back.counts[i]);
  await till.store.change([{ id: back.sold.id, back: { fen: before.fen + (parse(answer.data.amount) ?? fen), counts, whole: counts.every((n, i) => n >= back.sold.cart.lines[i].quantity) } }]);
  $("refund").close();
  await till.refresh();
  await ask(say("refund_done"), say("refund_pay", { amount: yuan(parse(answer.data.amount) ?? fen) }), say("ok"));
};
