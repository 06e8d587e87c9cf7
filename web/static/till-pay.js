// The counter: what lies on it, how it is paid, and the slip that follows.
import * as carts from "./till-cart.js";
import { parse, yuan } from "./till-money.js";
import { $, ask, beep, button, copy, part, say, stamp } from "./till-show.js";

let till; // till.js: {cart, put(cart), state, session, store, queue, alarm(error), refresh()}

// begin hangs the counter up.
export const begin = (app) => {
  till = app;
  for (const note of document.querySelectorAll("[data-note]")) note.onclick = () => give(till.cart.given + Number(note.dataset.note));
  $("exact").onclick = () => give(carts.due(till.cart));
  $("given-off").onclick = () => give(0);
  $("given").oninput = typed;
  $("given").onkeydown = (event) => event.key === "Enter" && $("done").click();
  $("tip-off").onclick = () => till.put(carts.tip(till.cart, 0));
  $("keep").onclick = () => till.put(carts.keep(till.cart));
  $("done").onclick = finish;
  $("void").onclick = voidCart;
  $("slip-print").onclick = printSlip;
  $("slip").onclose = () => { till.shown = undefined; $("word").blur(); };
  for (const key of document.querySelectorAll("[data-key]")) key.onclick = () => press(key.dataset.key);
};

const give = (fen) => {
  $("given").value = "";
  $("given-wrong").textContent = "";
  till.put(carts.give(till.cart, fen));
  if (carts.ready(till.cart)) $("done").scrollIntoView({ block: "nearest" });
};

const typed = () => {
  const text = $("given").value.trim();
  const fen = text ? parse(text) : 0;
  $("given-wrong").textContent = fen === undefined ? say("wrong_amount") : "";
  till.put(carts.give(till.cart, fen ?? 0));
};

// draw shows the counter.
export const draw = () => {
  const { cart, state } = till;
  const filled = cart.lines.length > 0;
  $("empty").hidden = filled;
  $("filled").hidden = !filled;
  $("bar-count").textContent = say("bar_count", { n: carts.pieces(cart) });
  $("bar-total").textContent = yuan(carts.total(cart));
  document.querySelector(".cart-bar").hidden = !filled;
  if (!filled) return;
  $("lines").replaceChildren(...cart.lines.map(line));
  $("tip-row").hidden = cart.tip === 0;
  $("tip").textContent = yuan(cart.tip);
  $("total").textContent = yuan(carts.total(cart));
  tips(cart, state);
  $("parts").replaceChildren(...cart.parts.map((p, i) => {
    const chip = part("p", "part", "");
    chip.append(part("span", "", `${say(`way.${p.way}`)} ✓`), part("b", "num", yuan(p.amount)), button(say("unpart"), () => till.put(carts.unpart(cart, i)), "btn quiet dense"));
    return chip;
  }));
  pay(cart, state);
};

const line = (of, i) => {
  const row = copy("t-line");
  row.querySelector(".what").textContent = of.name;
  row.querySelector(".cost").textContent = yuan(carts.sumOf(of)).slice(1);
  row.querySelector(".less").onclick = () => count(i, of.quantity - 1);
  row.querySelector(".plus").onclick = () => count(i, of.quantity + 1);
  const many = row.querySelector(".many");
  many.textContent = of.quantity;
  many.onclick = async () => {
    const n = await pad({ title: of.name, pieces: of.quantity });
    if (n) count(i, n.pieces);
  };
  for (const b of row.querySelectorAll("button")) b.ariaLabel = `${of.name}: ${b === many ? of.quantity : b.ariaLabel}`;
  return row;
};

// count sets how many of a line there are. Fewer than before is a part that was voided.
const count = (i, n) => {
  const next = carts.quantity(till.cart, i, n);
  if (!next.lines.length && next.parts.length) return paidFirst();
  const less = carts.goods(till.cart) - carts.goods(next);
  return less > 0 ? voided(next, less) : till.put(next);
};

const tips = (cart, state) => {
  $("tips").hidden = !state.tips;
  if (!state.tips) return;
  const round = cart.tip ? [] : carts.rounded(cart).slice(0, 1);
  $("tips").replaceChildren(...round.map((fen) => button(say("round", { amount: yuan(fen) }), () => till.put(carts.tip(cart, fen)))),
    button(say(cart.tip ? "tip_other" : "tip_some"), async () => {
      const given = await pad({ title: say("tip_title"), text: say("tip_text"), name: say("tip_name"), value: cart.tipName });
      if (given) till.put(carts.tip(till.cart, given.fen, given.name));
    }));
};

const pay = (cart, state) => {
  const due = carts.due(cart);
  $("rest-row").hidden = cart.parts.length === 0;
  $("rest").textContent = yuan(Math.max(0, due));
  $("paying").hidden = due <= 0;
  if (document.activeElement !== $("given")) $("given").value = cart.given ? yuan(cart.given).slice(1).replaceAll(",", "") : "";
  $("ways").replaceChildren(...state.ways.filter((way) => way !== "cash").map((way) => button(say(`way.${way}`), () => other(way), "btn")));
  const back = carts.change(cart);
  $("change-row").hidden = due <= 0 || cart.given === 0;
  $("change").textContent = yuan(back);
  $("keep").hidden = !(state.tips && back > 0 && !carts.short(cart));
  $("keep").textContent = say("keep", { amount: yuan(back) });
  const lack = due < 0 ? say("too_much", { amount: yuan(-due) }) : carts.short(cart) ? say("short", { amount: yuan(carts.short(cart)) }) : carts.carried(cart) ? "" : say("tip_split");
  $("done").textContent = say("done") + lack;
  if (carts.ready(cart)) $("done").removeAttribute("aria-disabled");
  else $("done").ariaDisabled = "true";
};

// other pays without cash: what was typed, or all that is due. Somebody looks at the customer's telephone.
const other = (way) => {
  const typed = parse($("given").value);
  const fen = Math.min(typed || carts.due(till.cart), carts.due(till.cart));
  $("way-title").textContent = say(`way.${way}`);
  $("way-amount").textContent = yuan(fen);
  $("way-text").textContent = say(way === "transfer" ? "way_text_transfer" : "way_text_code");
  code(till.state.codes?.[way]);
  $("way-do").onclick = () => {
    $("way").close();
    give(0);
    till.put(carts.part(till.cart, way, fen));
  };
  $("way").showModal();
};

// code draws a collection code from its rows of light and dark.
const code = (rows) => {
  const canvas = $("way-code");
  canvas.hidden = !rows;
  if (!rows) return;
  const side = rows.length + 8;
  canvas.width = canvas.height = side * 6;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  rows.forEach((row, y) => [...row].forEach((dark, x) => dark === "1" && pen.fillRect((x + 4) * 6, (y + 4) * 6, 6, 6)));
};

// voided takes back what was not paid yet; the Z report counts it.
const voided = async (next, fen) => {
  const { cart } = till;
  try {
    await till.store.voided(cart, next.lines.length ? next : undefined, till.session.id, stamp(), yuan(fen).slice(1).replaceAll(",", ""));
    till.take(next.lines.length ? next : undefined);
    till.queue.now();
  } catch (error) { till.alarm(error); }
};

// paidFirst keeps somebody from voiding what has gone through by telephone.
const paidFirst = () => ask(say("void_paid"), say("void_paid_text"), say("ok"));

const voidCart = async () => {
  const { cart } = till;
  if (cart.parts.length) return paidFirst();
  if (await ask(say("void_ask"), say("void_text", { amount: yuan(carts.total(cart)) }), say("void_do"))) await voided({ lines: [] }, carts.goods(cart));
};

// finish writes the sale down, and only then says so.
const finish = async () => {
  const { cart, session } = till;
  if (!carts.ready(cart) || till.busy) return;
  till.busy = true;
  let sold;
  try {
    sold = await till.store.sold(cart, session, stamp());
  } catch (error) {
    return till.alarm(error);
  } finally { till.busy = false; }
  till.broken = false;
  beep();
  till.take();
  till.shown = sold.id;
  paper(sold);
  const back = carts.change(sold.cart);
  $("slip-change").hidden = back === 0;
  $("slip-back").textContent = yuan(back);
  $("slip").showModal();
  await till.refresh();
  till.queue.now();
};

// paperOf is what slips are printed on: what this device has chosen, else the community.
export const paperOf = (state) => localStorage.getItem("till-paper") ?? state.receipts?.paper ?? "58";

// paper is the slip of a sale: a provisional one until the server has given it its number.
export const paper = (sold) => {
  const { cart } = sold;
  const rows = cart.lines.map((l) => [`${l.name}${l.quantity > 1 ? ` ×${l.quantity}` : ""}`, yuan(carts.sumOf(l))]);
  if (cart.tip) rows.push([say("slip_tip"), yuan(cart.tip)]);
  rows.push([say("slip_total"), yuan(carts.total(cart)), "total"]);
  for (const p of cart.parts) rows.push([say(`way.${p.way}`), yuan(p.amount)]);
  if (carts.due(cart) > 0) rows.push([say("way.cash"), yuan(cart.given)], [say("slip_change"), yuan(carts.change(cart))]);
  const table = part("table", "sum");
  for (const [what, amount, look = ""] of rows) {
    const row = table.insertRow();
    row.className = look;
    row.append(part("th", "", what));
    row.append(part("td", "", amount));
  }
  const done = sold.state === "done";
  const at = new Date(sold.at);
  $("slip-paper").className = `slip paper-${paperOf(till.state)}`;
  $("slip-paper").replaceChildren(part("p", "", named_(till.state.community.name)), part("p", "", till.session?.name ?? ""),
    part("p", "no num", done ? `№ ${sold.number}` : say("slip_provisional", { slip: sold.slip })),
    part("p", "small num", at.toLocaleString(document.documentElement.lang, { hour12: false })), table,
    part("p", "tiny", done ? say("slip_not_gift") : say("slip_later", { slip: sold.slip })));
  $("slip-scan").hidden = $("slip-open").hidden = !done;
  if (done) {
    $("slip-qr").src = `${sold.url}/qr.png`;
    $("slip-open").href = sold.url;
  }
};

// printSlip prints the slip alone, with its code once it has one. A dialog cannot choose its paper; what stands for itself can.
const printSlip = async () => {
  const copy = $("slip-paper").cloneNode(true);
  copy.removeAttribute("id");
  if (!$("slip-scan").hidden) {
    const code = $("slip-qr").cloneNode();
    code.removeAttribute("id");
    await code.decode().catch(() => {});
    copy.append(code);
  }
  $("printed").className = copy.className.replace("slip ", "");
  $("printed").replaceChildren(copy);
  print();
};

const named_ = (name) => (typeof name === "string" ? name : name?.[document.documentElement.lang === "en" ? "en" : "zh"] ?? "");

let padDone;
// pad asks for an amount, and perhaps for words: {fen, name}; or for a number of pieces: {pieces}; or nothing.
export const pad = ({ title, text = "", name = "", value = "", pieces = 0 }) => new Promise((answer) => {
  const box = $("pad");
  let result;
  $("pad-title").textContent = title;
  $("pad-text").textContent = text;
  $("pad-name-field").hidden = !name;
  $("pad-name-label").textContent = name;
  $("pad-name").value = value;
  $("pad-amount").value = $("pad-wrong").textContent = "";
  $("pad-sign").hidden = pieces > 0;
  $("pad-drop").hidden = pieces === 0;
  $("pad-label").textContent = say(pieces ? "pad_pieces" : "pad_amount");
  $("pad-drop").onclick = () => { result = { pieces: 0 }; box.close(); };
  padDone = () => {
    const n = /^\d{1,3}$/.test($("pad-amount").value.trim()) ? Number($("pad-amount").value) : 0;
    if (pieces && n) {
      result = { pieces: n };
      return box.close();
    }
    if (pieces) return ($("pad-wrong").textContent = say("wrong_pieces"));
    const fen = parse($("pad-amount").value);
    if (!fen || fen > carts.priceMax) {
      $("pad-wrong").textContent = say("wrong_amount");
      return beep(false);
    }
    result = { fen, name: $("pad-name").value.trim() };
    box.close();
  };
  $("pad-do").onclick = padDone;
  box.onclose = () => answer(result);
  box.showModal();
  $("pad-amount").focus();
});

const press = (key) => {
  const field = $("pad-amount");
  field.value = key === "back" ? field.value.slice(0, -1) : field.value + key;
};
