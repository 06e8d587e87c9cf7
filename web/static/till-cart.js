// What lies on the counter, as a value: every function takes a cart and gives another. Amounts are fen.
//
//   {id, at, lines: [{item, name, price, quantity}], tip, tipName, parts: [{way, amount}], given}
//
// parts are paid without cash; what they leave is due in cash, and given is what the customer put down.
import { plain } from "./till-money.js";

export const quantityMax = 999;
export const linesMax = 60;
export const nameMax = 80;
export const priceMax = 99999_99; // of one piece

export const blank = (id) => ({ id, lines: [], tip: 0, tipName: "", parts: [], given: 0 });

// Cash is counted again after every change; what has gone through by telephone stays.
const changed = (cart, change) => ({ ...cart, given: 0, ...change });

// add puts an item on the counter; a second one of the same price counts up.
export const add = (cart, line) => {
  const at = line.item ? cart.lines.findIndex((l) => l.item === line.item && l.price === line.price && l.name === line.name) : -1;
  if (at >= 0) return quantity(cart, at, cart.lines[at].quantity + (line.quantity ?? 1));
  if (cart.lines.length >= linesMax) return cart;
  return changed(cart, { lines: [...cart.lines, { quantity: 1, ...line }] });
};

export const quantity = (cart, at, n) => (n < 1 ? drop(cart, at) : changed(cart, { lines: cart.lines.map((l, i) => (i === at ? { ...l, quantity: Math.min(n, quantityMax) } : l)) }));

export const drop = (cart, at) => changed(cart, { lines: cart.lines.filter((_, i) => i !== at) });

export const tip = (cart, fen, name = "") => changed(cart, { tip: fen, tipName: name });

export const pieces = (cart) => cart.lines.reduce((n, l) => n + l.quantity, 0);
export const sumOf = (line) => line.price * line.quantity;
export const goods = (cart) => cart.lines.reduce((n, l) => n + sumOf(l), 0);
export const total = (cart) => goods(cart) + cart.tip;
export const byPhone = (cart) => cart.parts.reduce((n, p) => n + p.amount, 0);

// due is what is to be paid in cash; below zero, too much has gone through by telephone.
export const due = (cart) => total(cart) - byPhone(cart);
export const change = (cart) => Math.max(0, cart.given - Math.max(0, due(cart)));
export const short = (cart) => Math.max(0, due(cart) - cart.given);

export const give = (cart, fen) => ({ ...cart, given: fen });

// part pays some or all of what is due without cash; twice in the same way is once as much.
export const part = (cart, way, fen) => {
  const before = cart.parts.find((p) => p.way === way)?.amount ?? 0;
  return { ...cart, parts: [...cart.parts.filter((p) => p.way !== way), { way, amount: before + Math.min(fen, due(cart)) }] };
};
export const unpart = (cart, at) => ({ ...cart, parts: cart.parts.filter((_, i) => i !== at) });

// keep turns the change into a donation: 零钱捐了.
export const keep = (cart) => ({ ...cart, tip: cart.tip + change(cart) });

// rounded are the donations that make the sum a round one: the next yuan, 5 and 10 yuan, each once.
export const rounded = (cart) => {
  const sum = total(cart);
  return [...new Set([100, 500, 1000].map((step) => Math.ceil(sum / step) * step - sum))].filter((fen) => fen > 0);
};

// carried tells whether one payment is as large as the donation, which is one payment of its own in the books.
export const carried = (cart) => cart.tip === 0 || Math.max(due(cart), ...cart.parts.map((p) => p.amount)) >= cart.tip;

export const ready = (cart) => cart.lines.length > 0 && goods(cart) > 0 && due(cart) >= 0 && short(cart) === 0 && carried(cart);

// sale is a paid cart as the server takes it.
export const sale = (cart, slip, at) => {
  const payments = cart.parts.map((p) => ({ way: p.way, amount: plain(p.amount) }));
  if (due(cart) > 0) payments.push({ way: "cash", amount: plain(due(cart)), given: plain(cart.given) });
  return {
    id: cart.id, at, slip,
    lines: cart.lines.map((l) => ({ item: l.item, name: l.name, quantity: l.quantity, price: plain(l.price) })),
    payments, tip: plain(cart.tip), tip_name: cart.tipName,
  };
};
