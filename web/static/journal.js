// Helps while somebody writes an entry: shows how far the two sides are from agreeing, and adds lines on the spot.
// Without this module the button asks the server for more lines, and the server says what is off.
//
//   <form data-journal data-agree="借贷相等" data-debit-more="借方多" data-credit-more="贷方多">
//     <fieldset class="posting"> … name="debit-1" … </fieldset>
//     <div><span data-balance></span><b data-sum="debit"></b><b data-sum="credit"></b></div>
//     <button data-more>…</button>
for (const form of document.querySelectorAll("form[data-journal]")) {
  const rows = () => [...form.querySelectorAll("fieldset.posting")];
  const fen = (field) => (/^\d{1,12}(\.\d{1,2})?$/.test(field.value.trim()) ? Math.round(Number(field.value) * 100) : 0);
  const write = (n) => (n / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  const add = () => {
    const sums = { debit: 0, credit: 0 };
    const rest = new Map();
    for (const row of rows()) {
      const fund = row.querySelector("select").selectedOptions[0]?.label ?? "";
      for (const [side, sign] of [["debit", 1], ["credit", -1]]) {
        const amount = fen(row.querySelector(`[name^="${side}-"]`));
        sums[side] += amount;
        rest.set(fund, (rest.get(fund) ?? 0) + sign * amount);
      }
    }
    for (const side of ["debit", "credit"]) form.querySelector(`[data-sum="${side}"]`).textContent = write(sums[side]);
    const off = [...rest].filter(([, amount]) => amount !== 0);
    const said = form.querySelector("[data-balance]");
    const text = off.map(([fund, amount]) => `${fund}: ${amount > 0 ? form.dataset.debitMore : form.dataset.creditMore} ${write(Math.abs(amount))}`);
    said.textContent = sums.debit + sums.credit === 0 ? "" : text.join(" · ") || `✓ ${form.dataset.agree}`;
    said.classList.toggle("off", off.length > 0);
  };

  const more = (event) => {
    event.preventDefault();
    let first;
    for (let n = 0; n < 4; n++) {
      const last = rows().at(-1);
      const next = rows().length + 1;
      const row = last.cloneNode(true);
      row.classList.remove("wrong");
      row.querySelector(".wrong-text")?.remove();
      const legend = row.querySelector("legend");
      legend.textContent = legend.textContent.replace(/\d+/, next);
      for (const field of row.querySelectorAll("input, select")) {
        field.name = field.name.replace(/-\d+$/, `-${next}`);
        row.querySelector(`label[for="${field.id}"]`).htmlFor = field.id = `f-${field.name}`;
        field.removeAttribute("aria-invalid");
        if (field.matches("input")) field.value = "";
        else field.value = last.querySelector("select").value;
      }
      last.after(row);
      first ??= row;
    }
    form.elements.lines.value = rows().length;
    if (rows().length > 56) event.currentTarget.hidden = true;
    first.querySelector("input").focus();
  };

  form.addEventListener("input", add);
  form.querySelector("[data-more]")?.addEventListener("click", more);
  add();
}
