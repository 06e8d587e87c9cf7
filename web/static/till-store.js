// What this browser keeps: sales until the server has them, carts, counts of what was voided, and what is needed to sell
// without a network. A verb has happened when its promise is kept: the data lies on the disk.
import { sale } from "./till-cart.js";

const name = (slug) => `fund-till-${slug}`;
const parts = ["sales", "carts", "voids", "kept"];

const asked = (request) => new Promise((kept, broken) => {
  request.onsuccess = () => kept(request.result);
  request.onerror = () => broken(request.error);
});

export const open = async (slug) => {
  const request = indexedDB.open(name(slug), 1);
  request.onupgradeneeded = () => {
    for (const part of parts.slice(0, 3)) request.result.createObjectStore(part, { keyPath: "id" });
    request.result.createObjectStore("kept");
  };
  return new Store(await asked(request));
};

export class Store {
  constructor(db) {
    this.db = db;
    db.onversionchange = () => db.close(); // somebody logs out in another tab
  }

  // within runs steps in one transaction: all of them happen, or none.
  async within(mode, steps) {
    const tx = this.db.transaction(parts, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
    const over = new Promise((kept, broken) => {
      tx.oncomplete = kept;
      tx.onabort = tx.onerror = () => broken(tx.error ?? new Error("aborted"));
    });
    over.catch(() => {}); // told below
    try {
      const result = await steps(Object.fromEntries(parts.map((part) => [part, tx.objectStore(part)])));
      await over;
      return result;
    } catch (error) {
      try { tx.abort(); } catch { /* it is over already */ }
      throw error;
    }
  }

  all(part) { return this.within("readonly", (in_) => asked(in_[part].getAll())); }
  kept(key) { return this.within("readonly", (in_) => asked(in_.kept.get(key))); }
  keep(key, value) { return this.within("readwrite", (in_) => asked(in_.kept.put(value, key))); }
  setCart(cart) { return this.within("readwrite", (in_) => asked(in_.carts.put(cart))); }
  dropCart(id) { return this.within("readwrite", (in_) => asked(in_.carts.delete(id))); }

  // sold turns a paid cart into a sale that waits, with the next slip of its session. A cart that two tabs pay at once is
  // sold once: the second gets the sale of the first.
  // before is how many the server knows of: another device may have sold in the same session.
  sold(cart, { id: session, till, sold: before = 0 }, at) {
    return this.within("readwrite", async (in_) => {
      const again = await asked(in_.sales.get(cart.id));
      if (again) return again;
      const n = Math.max(before, (await asked(in_.kept.get(`slips ${session}`))) ?? 0) + 1;
      const slip = `${till}-${await mark(in_, session)}${String(n).padStart(4, "0")}`;
      const sold = { id: cart.id, session, n, slip, at, state: "waiting", cart, wire: sale(cart, slip, at) };
      in_.kept.put(n, `slips ${session}`);
      in_.carts.delete(cart.id);
      await asked(in_.sales.add(sold));
      return sold;
    });
  }

  // voided counts a line or a whole cart that was taken back before it was paid.
  voided(cart, next, session, at, fen) {
    return this.within("readwrite", (in_) => {
      if (next) in_.carts.put(next);
      else in_.carts.delete(cart.id);
      return asked(in_.voids.put({ id: newId(), session, at, slip: "", amount: fen }));
    });
  }

  // change writes the server's answers beside the sales they are about.
  change(changes) {
    return this.within("readwrite", async (in_) => {
      for (const { id, ...said } of changes) {
        const held = await asked(in_.sales.get(id));
        if (held) in_.sales.put({ ...held, ...said });
      }
    });
  }

  counted(ids) {
    return this.within("readwrite", (in_) => { for (const id of ids) in_.voids.delete(id); });
  }

  // prune forgets sales that the server has had for a week; no other is ever forgotten.
  prune(before) {
    return this.within("readwrite", async (in_) => {
      for (const one of await asked(in_.sales.getAll())) if (one.state === "done" && one.at < before) in_.sales.delete(one.id);
    });
  }
}

// mark tells apart the slips of two devices that sell in one session without a network: the one that opened it has none,
// any other has its own three characters.
const mark = async (in_, session) => {
  if (await asked(in_.kept.get(`opened ${session}`))) return "";
  const own = (await asked(in_.kept.get("mark"))) ?? newId().slice(0, 3).toUpperCase();
  in_.kept.put(own, "mark");
  return `${own}-`;
};

// newId is a random UUID; crypto.randomUUID is for https alone.
export const newId = () => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

// forget takes everything away that this browser keeps of a till.
export const forget = (slug) => new Promise((kept, broken) => {
  const request = indexedDB.deleteDatabase(name(slug));
  request.onsuccess = request.onblocked = kept;
  request.onerror = () => broken(request.error);
});
