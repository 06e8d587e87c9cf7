// Adds up the ideas while they are ticked, and says when they are too many or cost more than the pot. Without this module
// the button says it.
for (const form of document.querySelectorAll("[data-ballot]")) {
  const line = form.querySelector(".ballot-sum");
  if (!line) continue;
  const most = Number(line.dataset.most), pot = Number(line.dataset.pot);
  const add = () => {
    const ticked = [...form.querySelectorAll("[data-fen]:checked")];
    const fen = ticked.reduce((sum, box) => sum + Number(box.dataset.fen), 0);
    line.querySelector("[data-count]").textContent = ticked.length;
    line.querySelector("[data-sum]").textContent = `¥${(fen / 100).toLocaleString("en", { minimumFractionDigits: fen % 100 ? 2 : 0 })}`;
    const over = most ? ticked.length > most : fen > pot;
    line.querySelector("[data-over]").hidden = !over;
    line.classList.toggle("too-much", over);
  };
  form.addEventListener("change", add);
  add();
}
