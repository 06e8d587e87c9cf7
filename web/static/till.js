// The till: chooses, pays and keeps. The modules beside it draw the counter (till-pay) and the lists (till-list), keep
// (till-store) and send (till-queue); everything that was sold is on the disk before anybody is told so.
import * as carts from "./till-cart.js";
import { find, index, scanned } from "./till-find.js";
import { clear, held as heldSales } from "./till-leave.js";
import * as list from "./till-list.js";
import { parse, plain, yuan } from "./till-money.js";
import * as pay from "./till-pay.js";
import { Queue, Server } from "./till-queue.js";
import { $, ask, beep, button, copy, named, part, say, stamp } from "./till-show.js";
import { newId, open } from "./till-store.js";
import { watchScanner } from "./till-scan.js";

const { base, slug, worker, login } = $("till").dataset;
const tab = (sessionStorage.tab ??= newId());
const others = new BroadcastChannel(`till ${slug}`);
const week = 7 * 24 * 3600e3;

const till = {
  base, slug, cart: carts.blank(newId()), sales: [], held: [], state: { items: [], ways: ["cash"], places: [], community: {} }, session: null, group: "",

  // put changes the cart on the counter, and keeps it.
  put(cart) {
    till.cart = { ...cart, tab, at: cart.at ?? stamp() };
    pay.draw();
    marks();
    sessionStorage.cart = till.cart.id;
    (till.cart.lines.length ? till.store.setCart(till.cart) : till.store.dropCart(till.cart.id)).catch(till.alarm);
  },
  // take puts another cart on the counter, or an empty one, after the one before has been seen to.
  take(cart) {
    till.cart = cart ?? carts.blank(newId());
    if (!cart) scrollTo(0, 0);
    sessionStorage.cart = till.cart.id;
    pay.draw();
    marks();
  },
  async hold() {
    if (!till.cart.lines.length) return;
    await till.store.setCart({ ...till.cart, tab: "", at: stamp() }).catch(till.alarm);
    till.take();
    await till.refresh();
  },
  async resume(cart) {
    await till.hold();
    till.put(cart);
    await till.refresh();
  },
  // refresh reads what is kept, and shows it.
  async refresh() {
    till.sales = await till.store.all("sales");
    const living = await tabs();
    till.held = (await till.store.all("carts")).filter((c) => c.id !== till.cart.id && !living.has(c.tab));
    const shown = till.sales.find((s) => s.id === till.shown);
    if (shown?.state === "done" && $("slip").open) pay.paper(shown);
    list.draw();
    bar();
    shift();
  },
  // alarm says loudly that something could not be kept.
  alarm(error) {
    beep(false);
    till.broken = true; // until something can be kept again
    bar();
    ask(say(error?.name === "QuotaExceededError" ? "full" : "not_kept"), say("not_kept_text"), say("ok"));
  },
};

// tabs are the till's other open windows: a cart of a window that was closed is put aside, not lost.
const tabs = async () => new Set(((await navigator.locks?.query())?.held ?? []).map((l) => l.name.replace(`fund-till-tab `, "")));

// query names the session that is asked about: the one being sold in, or the one just opened.
const query = () => {
  const id = till.session?.id ?? till.opened;
  return id ? `?session=${id}` : "";
};

// learn asks the server for what is needed to sell, and keeps it for when there is no network. An answer that comes after
// something else was asked tells of the shift before, and is dropped.
let latest = 0;
const learn = async () => {
  const mine = ++latest;
  let answer;
  try {
    answer = await till.server.state(query());
  } catch {
    return till.queue.stand("offline");
  }
  if (mine !== latest) return;
  if (answer.status === 401) return till.queue.stand("login");
  if (!answer.ok) return till.queue.stand("trouble", answer.text);
  const before = till.session?.id;
  await till.store.keep("state", answer.data).catch(till.alarm);
  use(answer.data);
  till.queue.stand("online");
  if (till.session && till.session.id !== before) till.take(till.cart);
};

const use = (state) => {
  till.state = state;
  till.session = state.session;
  if (state.session) till.opened = undefined;
  const place = state.session && state.places.find((p) => String(p.id) === String(state.session.sale_event ?? state.session.venture ?? state.session.place?.id));
  state.tips = state.session?.tips ?? place?.tips ?? true;
  if (till.session) till.session.name = state.session.name ?? place?.name ?? "";
  till.indexed = index(state.items ?? []);
  shelf();
  pay.draw();
  rooms();
};

// rooms shows the shift being opened, or the shelf and the counter.
const rooms = () => {
  const selling = Boolean(till.session);
  $("sell").hidden = $("list").hidden = $("close").hidden = !selling;
  $("opening").hidden = selling;
  $("open").hidden = selling || !till.state.places?.length;
  $("none").hidden = selling || Boolean(till.state.places?.length) || till.queue.kind === "";
  $("none").textContent = say(till.queue.kind === "offline" ? "open_offline" : "open_nowhere");
  if (!selling) $("open-place").replaceChildren(...(till.state.places ?? []).map((p, i) => new Option(p.name, i)));
  if (selling) $("close").href = `${base}/sessions/${till.session.id}/count`;
  $("place").textContent = till.session?.name || $("place").dataset.title;
  shift();
};

const shift = () => {
  const n = Math.max(till.session?.sold ?? 0, ...till.sales.filter((s) => s.session === till.session?.id).map((s) => s.n));
  $("shift").textContent = till.session ? say("shift", { till: till.session.till, who: till.state.cashier?.name ?? "", n: n + 1 }) : "";
};

// bar says how the queue stands, always.
const bar = () => {
  const { kind, text } = till.queue;
  const waiting = till.sales.filter((s) => s.state === "waiting");
  const refused = till.sales.filter((s) => s.state === "refused");
  const n = waiting.length;
  const amount = yuan(waiting.reduce((sum, s) => sum + carts.total(s.cart), 0));
  let stands = kind === "online" ? (n ? "waiting" : "sent") : kind || "loading";
  if (till.broken) stands = "broken";
  const box = $("state");
  box.dataset.kind = refused.length ? "refused" : stands;
  const said = part("b", "", refused.length ? say("state_refused", { n: refused.length }) : say(`state_${stands}`, { n }));
  const more = part("span", "", n && stands !== "broken" ? say("state_kept", { n, amount }) : "");
  if (stands === "trouble" && text) more.textContent += ` ${text}`;
  const acts = [];
  if (n || refused.length) acts.push(button(say("state_look", { n: n + refused.length }), () => $("list").click(), "btn quiet dense"));
  if (stands === "login") acts.push(Object.assign(part("a", "btn dense", say("state_login_link")), { href: login }));
  box.replaceChildren(said, more, ...acts);
};

// shelf shows the groups, and the items that fit.
const shelf = () => {
  const groups = [...new Set(till.state.items.map((i) => i.group).filter(Boolean))];
  $("groups").hidden = groups.length < 2;
  $("groups").replaceChildren(...["", ...groups].map((g) => {
    const b = button(g || say("all"), () => { till.group = g; shelf(); });
    b.ariaPressed = String(till.group === g);
    return b;
  }));
  const items = find(till.indexed, $("word").value, till.group);
  $("nothing").hidden = items.length > 0;
  $("items").replaceChildren(...items.map(tile), ...($("word").value ? [] : [tile({ id: null, price: null, name_zh: say("free"), name_en: say("free") })]));
  marks();
};

const tile = (item) => {
  const b = copy("t-item");
  b.dataset.item = item.id ?? "";
  b.querySelector("b").textContent = named(item);
  b.querySelector(".price").textContent = item.price === null ? say("own_price") : yuan(parse(item.price));
  b.classList.toggle("free-price", item.price === null);
  if (item.picture) Object.assign(b.querySelector(".picture"), { hidden: false, src: item.picture });
  b.onclick = () => choose(item);
  return b;
};

// marks shows on the shelf what lies on the counter, and what is left.
const marks = () => {
  const unsent = till.sales.filter((s) => s.state === "waiting").flatMap((s) => s.cart.lines);
  for (const b of $("items").children) {
    const id = b.dataset.item || null;
    const count = (lines) => lines.filter((l) => l.item === id).reduce((n, l) => n + l.quantity, 0);
    const n = count(till.cart.lines);
    b.ariaPressed = String(n > 0);
    b.querySelector(".qty").hidden = n === 0;
    b.querySelector(".qty").textContent = `×${n}`;
    const item = id && till.state.items.find((i) => i.id === id);
    if (!item || item.stock === null || item.stock === undefined) continue;
    const left = item.stock - count(unsent) - n;
    b.querySelector(".stock").textContent = left > 0 ? say("left", { n: left }) : say("none_left");
    b.classList.toggle("gone", left <= 0);
  }
};

const choose = async (item) => {
  let fen = item.price === null ? undefined : parse(item.price);
  let name = named(item);
  if (fen === undefined) {
    const typed = await pay.pad({ title: name, name: item.id ? "" : say("free_name") });
    if (!typed) return;
    fen = typed.fen;
    if (typed.name) name = `${name} · ${typed.name}`;
  }
  const next = carts.add(till.cart, { item: item.id, name: name.slice(0, carts.nameMax), price: fen });
  beep(next !== till.cart);
  if (next === till.cart) return ask(say("long"), say("long_text"), say("ok"));
  till.put(next);
};

const byCode = (code) => {
  const item = till.indexed && scanned(till.indexed, code);
  beep(Boolean(item));
  if (item) choose(item);
  return Boolean(item);
};

const openShift = async () => {
  const fen = parse($("open-float").value);
  const wrong = (text) => { $("open-wrong").textContent = text; };
  if (fen === undefined) return wrong(say("wrong_float"));
  const place = till.state.places[$("open-place").value];
  wrong("");
  let answer;
  try {
    answer = await till.server.ask("/sessions", { place: { kind: place.kind, id: place.id }, till: $("open-till").value.trim() || "A", float: plain(fen) });
  } catch { return wrong(say("open_offline")); }
  if (!answer.ok) return wrong(answer.text);
  const id = answer.data.session?.id ?? answer.data.id;
  await till.store.keep(`opened ${id}`, true).catch(till.alarm);
  till.opened = id;
  await learn();
  await till.refresh();
  if (matchMedia("(hover: hover)").matches) $("word").focus(); // where that opens no keyboard over the goods
};

const leave = async () => {
  const n = await heldSales(slug);
  if (n > 0) return ($("leave-wrong").textContent = say("leave_wait", { n }));
  till.store.db.close();
  await clear(slug, base);
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/logout", hidden: true });
  form.append(Object.assign(document.createElement("input"), { name: "csrf", value: till.server.token }));
  document.body.append(form);
  form.submit();
};

// aids work at once and without a network; the server remembers them when it can be reached.
const aids = () => {
  const root = document.documentElement;
  for (const name of ["text", "contrast"]) if (!navigator.onLine && localStorage.getItem(`till-${name}`) !== null) root.dataset[name] = localStorage.getItem(`till-${name}`);
  for (const link of document.querySelectorAll("#aids-reading a")) {
    const [name] = [...new URLSearchParams(link.search)].at(-1) ?? [];
    if (name !== "text" && name !== "contrast") continue;
    link.onclick = (event) => {
      event.preventDefault();
      const on = root.dataset[name] === "large" || root.dataset[name] === "high";
      const next = on ? "normal" : { text: "large", contrast: "high" }[name];
      root.dataset[name] = next;
      link.ariaCurrent = on ? null : "true";
      localStorage.setItem(`till-${name}`, next);
      fetch(`?${name}=${next}`).catch(() => {});
    };
  }
  $("sound").checked = localStorage.getItem("till-sound") === "on";
  $("sound").onchange = () => localStorage.setItem("till-sound", $("sound").checked ? "on" : "off");
  $("paper").onchange = () => localStorage.setItem("till-paper", $("paper").value); // the printer is this device's
  $("leave").onclick = leave;
  $("more").onclick = async () => {
    $("leave-wrong").textContent = "";
    $("aids-who").textContent = till.state.cashier?.name ?? "";
    $("paper").value = pay.paperOf(till.state);
    const safe = !navigator.storage?.persisted || (await navigator.storage.persisted());
    $("aids-kept").textContent = say(!isSecureContext ? "no_https" : safe ? "kept_safe" : "kept_unsafe");
    $("aids").showModal();
  };
};

const start = async () => {
  $("place").dataset.title = $("place").textContent;
  aids();
  try {
    till.store = await open(slug);
  } catch (error) {
    till.queue = { kind: "broken", text: "" };
    return till.alarm(error);
  }
  navigator.locks?.request(`fund-till-tab ${tab}`, () => new Promise(() => {})); // held as long as this window lives
  navigator.storage?.persist?.();
  navigator.serviceWorker?.register(worker, { scope: base }).catch(() => {});
  till.server = new Server(base);
  till.queue = new Queue({ store: till.store, server: till.server, slug, query, changed: async () => { await till.refresh(); others.postMessage(""); } });
  others.onmessage = () => till.refresh();
  pay.begin(till);
  list.begin(till);
  await till.store.prune(stamp(new Date(Date.now() - week)));
  const before = (await till.store.all("carts")).find((c) => c.id === sessionStorage.cart);
  if (before) till.cart = before;
  $("find").onsubmit = (event) => {
    event.preventDefault();
    const word = $("word").value;
    const hits = find(till.indexed ?? [], word, till.group);
    if (word && (byCode(word) || (hits.length === 1 && (choose(hits[0]), true)))) { $("word").value = ""; shelf(); }
  };
  $("word").oninput = shelf;
  $("open").onsubmit = (event) => { event.preventDefault(); openShift(); };
  $("close").onclick = (event) => {
    const n = till.sales.filter((s) => s.state === "waiting").length;
    if (n === 0 && !till.held.length) return;
    event.preventDefault();
    ask(say(n ? "close_wait" : "close_held"), say(n ? "close_wait_text" : "close_held_text", { n: n || till.held.length }), say("ok"));
  };
  watchScanner(byCode);
  const kept = await till.store.kept("state");
  if (kept) use(kept); // whatever this shows can be pressed: all of the above stands
  await till.refresh();
  await learn();
  await till.refresh();
  rooms();
  till.queue.now();
  setInterval(() => document.hidden || learn(), 60_000);
};

start();
