// Lets somebody who is used to a spreadsheet fill in a table of amounts: arrows and Enter go from cell to cell, cells of a
// spreadsheet are pasted over it, months add up to their year. Without this module the table is a plain form.
//
//   <form data-grid><table> <tbody data-sum-of> <tr data-code="5101" data-name="…"> <input data-plan> <input data-month>… </tr>
//     <tr class="total"><b data-sum></b></tr></tbody></table> <p data-keys hidden>…</p></form>
const fen = (text) => {
  const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replace(/[¥￥,，\s]/g, ""));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : 0;
};
const write = (n) => (n / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const plain = (n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, "0")}`;

for (const form of document.querySelectorAll("form[data-grid]")) {
  const rows = [...form.querySelectorAll("tr[data-code]")];
  const cells = (row) => [...row.querySelectorAll("input")];

  const add = (changed) => {
    const row = changed?.closest("tr[data-code]");
    if (changed?.matches("[data-month]")) {
      const sum = cells(row).filter((cell) => cell.matches("[data-month]")).reduce((all, cell) => all + fen(cell.value), 0);
      row.querySelector("[data-plan]").value = sum ? plain(sum) : "";
    }
    for (const body of form.querySelectorAll("[data-sum-of]")) {
      const sum = [...body.querySelectorAll("[data-plan]")].reduce((all, cell) => all + fen(cell.value), 0);
      body.querySelector("[data-sum]").textContent = write(sum);
    }
  };

  const go = (row, column) => {
    const cell = row && cells(row)[column];
    cell?.focus();
    cell?.select();
  };

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-code]");
    if (!row || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.indexOf(row), column = cells(row).indexOf(event.target), field = event.target;
    const edge = { ArrowLeft: field.selectionEnd === 0, ArrowRight: field.selectionStart === field.value.length };
    const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const to = {
      ArrowDown: () => go(rows[at + 1], column), ArrowUp: () => go(rows[at - 1], column),
      Enter: () => go(rows[at + (event.shiftKey ? -1 : 1)], column),
      ArrowLeft: (all || edge.ArrowLeft) && column > 0 && (() => go(row, column - 1)),
      ArrowRight: (all || edge.ArrowRight) && column < cells(row).length - 1 && (() => go(row, column + 1)),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    to();
  });

  // Cells of a spreadsheet are laid out from the cell with the cursor; rows that begin with a code or a name of an account go to
  // that account, wherever it stands.
  form.addEventListener("paste", (event) => {
    const row = event.target.closest("tr[data-code]"), text = event.clipboardData.getData("text");
    if (!row || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const column = cells(row).indexOf(event.target);
    let at = rows.indexOf(row);
    for (const line of text.replace(/\r/g, "").replace(/\n+$/, "").split("\n")) {
      const values = line.split("\t").map((value) => value.trim());
      const named = rows.find((r) => values[0] && (values[0].split(" ")[0] === r.dataset.code || values[0] === r.dataset.name));
      const into = named ?? rows[at++];
      let own = named ? values.slice(1) : values;
      if (named && own[0] && !/\d/.test(own[0])) own = own.slice(1); // the name behind its code
      if (!into) break;
      own.forEach((value, n) => {
        const cell = cells(into)[column + n];
        const amount = value.replace(/[¥￥,，\s]/g, "");
        if (cell && /^\d*\.?\d*$/.test(amount)) cell.value = amount;
      });
      const months = cells(into).find((cell) => cell.matches("[data-month]") && cell.value);
      if (months) add(months);
    }
    add();
  });

  form.addEventListener("input", (event) => add(event.target));
  const keys = form.querySelector("[data-keys]");
  if (keys) keys.hidden = false;
  add();
}
