// Adds up what is counted while it is typed. Without this module the button does it.
const yuan = (fen) => (fen / 100).toLocaleString("en", { minimumFractionDigits: 2 });
for (const form of document.querySelectorAll("[data-count]")) {
  form.querySelector("[data-sum]").hidden = true;
  const fields = [...form.querySelectorAll("[data-fen]")];
  const add = () => {
    let total = 0;
    for (const field of fields) {
      const pieces = /^\d{1,5}$/.test(field.value.trim()) ? Number(field.value) : 0;
      total += pieces * Number(field.dataset.fen);
      field.parentElement.querySelector("output").textContent = yuan(pieces * Number(field.dataset.fen));
    }
    form.querySelector("[data-total]").textContent = `¥${yuan(total)}`;
  };
  form.addEventListener("input", add);
  // Enter goes to the next denomination, as down a list; from the last to the button.
  form.addEventListener("keydown", (event) => {
    const at = fields.indexOf(event.target);
    if (event.key !== "Enter" || at < 0) return;
    event.preventDefault();
    (fields[at + 1] ?? form.querySelector(".btn.main")).focus();
  });
  add();
}
