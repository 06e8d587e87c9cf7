// Leaves a device to the next person: not while sales wait on it, and without a trace of what was sold.
import { forget, open } from "./till-store.js";

// held counts the sales that only this device has.
export const held = async (slug) => {
  const store = await open(slug);
  const sales = await store.all("sales");
  store.db.close();
  return sales.filter((s) => s.state === "waiting" || s.state === "refused").length;
};

// clear forgets the till of a community, its pictures and its shell.
export const clear = async (slug, base) => {
  await forget(slug);
  for (const key of (await globalThis.caches?.keys()) ?? []) if (key.startsWith(`till ${base} `)) await caches.delete(key);
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) if (worker.scope.endsWith(base)) await worker.unregister();
};

// On the desk's pages the way out asks first, too.
for (const form of document.querySelectorAll("form[data-leave]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { leave: slug, base, held: words } = form.dataset;
    const known = await indexedDB.databases?.(); // an old browser does not say what it keeps
    if (known && !known.some((db) => db.name === `fund-till-${slug}`)) return form.submit();
    const n = await held(slug);
    if (n > 0) return form.querySelector("[role=alert]").replaceChildren(words.replace("{n}", n));
    await clear(slug, base);
    form.submit();
  });
}
