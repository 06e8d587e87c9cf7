// Lets a treasurer agree the books with the bank by keys, adds up while one ticks, and tries columns while one tells them.
// Without this module the buttons do all of it.
//
//   <div data-row>… <button data-accept> <a data-find> …</div>   J K: the next and the one before; A F S N: what to do with it
//   <button data-undo>                                           Z
//   <dialog id="keys">                                           ?
//   <form data-sums data-line="-12345"> <input data-fen="…"> <b data-sum="rest"> </form>
//   <form data-try> … <div id="tried"></div> </form>
const rows = [...document.querySelectorAll("[data-row]")];
let at = Math.max(0, rows.findIndex((row) => `#${row.id}` === location.hash));

const stand = (n) => {
  at = Math.min(Math.max(n, 0), rows.length - 1);
  for (const [i, row] of rows.entries()) {
    row.classList.toggle("now", i === at);
    row.querySelector("[data-accept]")?.classList.toggle("main", i === at);
    row.setAttribute("aria-current", i === at ? "true" : "false");
  }
};
const go = (n) => {
  stand(n);
  rows[at].scrollIntoView({ block: "nearest" });
  rows[at].querySelector("[data-accept], [data-find]")?.focus({ preventScroll: true });
};
const visit = (anchor) => {
  const link = rows[at]?.querySelector("[data-find]");
  if (link) location.href = link.href + anchor;
};
const keys = {
  j: () => rows.length && go(at + 1),
  k: () => rows.length && go(at - 1),
  a: () => rows[at]?.querySelector("[data-accept]")?.click(),
  f: () => visit("#find"),
  s: () => visit("#split"),
  n: () => visit("#new"),
  z: () => document.querySelector("[data-undo]")?.click(),
  "?": () => document.querySelector("dialog#keys")?.showModal(),
};
if (rows.length) stand(at);
document.addEventListener("keydown", (event) => {
  const key = keys[event.key.toLowerCase()];
  if (!key || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("input, select, textarea, dialog")) return;
  event.preventDefault();
  key();
});

const split = document.querySelector("details#split");
if (split && location.hash === "#split") split.open = true;

for (const form of document.querySelectorAll("form[data-sums]")) {
  const write = (fen) => (fen < 0 ? "−" : "") + (Math.abs(fen) / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const add = () => {
    const ticked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].reduce((sum, box) => sum + Number(box.dataset.fen), 0);
    const lines = Number(form.dataset.line) + ticked("line");
    const items = ticked("item");
    for (const [name, fen] of Object.entries({ lines, items, rest: lines - items })) form.querySelector(`[data-sum="${name}"]`).textContent = write(fen);
    form.querySelector(".rest").classList.toggle("even", lines === items);
  };
  form.addEventListener("change", add);
  add();
}

for (const form of document.querySelectorAll("form[data-try]")) {
  let asked = 0;
  form.addEventListener("change", async () => {
    const mine = ++asked;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
    const tried = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("tried");
    if (mine === asked && tried) document.getElementById("tried").replaceWith(tried);
  });
}
