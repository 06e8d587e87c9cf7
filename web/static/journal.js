// Lets somebody who is used to a spreadsheet write an entry without a mouse: the account is found by code, name or sound, Enter and
// the arrows go from cell to cell, = fills in what is missing, and what is not posted is kept in this browser. Without this module
// the page is a plain form: the button asks the server for more lines, and the server says what is off.
//
//   <form data-journal data-draft="fund-entry angong 0199…" data-fresh> <fieldset class="posting"> … name="debit-1" … </fieldset>
//     <div><span data-balance></span><b data-sum="debit"></b><b data-sum="credit"></b></div><ul data-rests></ul>
//     <button data-go>…</button><button data-more>…</button></form>
//   <p data-posted="manual:0199…">   an entry that is posted needs no draft any more

const fen = (text) => {
  const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : NaN;
};
const write = (n) => (n / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const keptMax = 14 * 24 * 60 * 60 * 1000; // ms
const plain = (n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, "0")}`;

// judge adds up lines of {account, fund, debit, credit} as they are typed. An entry is balanced if the server would post it: two
// lines at least, each with an account and an amount on one side, the sides equal in every fund.
export function judge(lines) {
  const sums = { debit: 0, credit: 0 };
  const funds = new Map(); // fund → { debit, credit }
  let filled = 0, whole = true;
  for (const line of lines) {
    if (!line.account.trim() && !line.debit.trim() && !line.credit.trim()) continue;
    filled++;
    const fund = funds.get(line.fund) ?? { debit: 0, credit: 0 };
    funds.set(line.fund, fund);
    for (const side of ["debit", "credit"]) {
      const amount = line[side].trim() ? fen(line[side]) : 0;
      if (Number.isNaN(amount)) whole = false;
      else { sums[side] += amount; fund[side] += amount; }
    }
    if (!line.account.trim() || !line.debit.trim() === !line.credit.trim() || fen(line.debit.trim() || line.credit.trim()) === 0) whole = false;
  }
  const off = [...funds].filter(([, f]) => f.debit !== f.credit);
  return { sums, funds, off, filled, balanced: whole && filled >= 2 && off.length === 0 };
}

// soundsLike tells whether something typed is the beginning of a name by its sound: initials, syllables, or some of each.
// web/desk/account_sound.go knows whole names by the same rule.
export function soundsLike(syllables, typed, from = 0) {
  if (typed === "") return true;
  if (from >= syllables.length) return false;
  return syllables[from].split("|").some((reading) => {
    for (let n = Math.min(reading.length, typed.length); n > 0; n--) {
      if (reading.slice(0, n) === typed.slice(0, n) && soundsLike(syllables, typed.slice(n), from + 1)) return true;
    }
    return false;
  });
}

// find gives the accounts that something typed may mean, the likeliest first.
export function find(accounts, typed) {
  const words = typed.trim().toLowerCase(), sound = words.replaceAll(" ", "");
  if (!words) return [];
  const rank = ({ code, name, other, syllables }) => {
    if (code === words || `${code} ${name}` === words) return 0;
    if (code.startsWith(words)) return 1;
    if (name.startsWith(words)) return 2;
    if (soundsLike(syllables, sound)) return 3;
    if (other.startsWith(words)) return 4;
    if (name.includes(words) || other.includes(words)) return 5;
    return syllables.some((_, at) => at > 0 && soundsLike(syllables, sound, at)) ? 6 : Infinity;
  };
  return accounts.map((a) => [rank(a), a]).filter(([r]) => r < Infinity).sort(([a], [b]) => a - b).slice(0, 9).map(([, a]) => a);
}

for (const form of document.querySelectorAll("form[data-journal]")) edit(form);
for (const posted of document.querySelectorAll("[data-posted]")) forget(posted.dataset.posted);

function edit(form) {
  const linesMax = Number(form.dataset.max ?? 60);
  const rows = () => [...form.querySelectorAll("fieldset.posting")];
  const cell = (row, name) => row.querySelector(`[name^="${name}-"]`);
  const cells = (row) => ["account", "fund", "debit", "credit"].map((name) => cell(row, name));
  const read = (row) => ({ account: cell(row, "account").value, fund: cell(row, "fund").value, debit: cell(row, "debit").value, credit: cell(row, "credit").value });
  const empty = (row) => !cell(row, "account").value.trim() && !cell(row, "debit").value.trim() && !cell(row, "credit").value.trim();
  const named = new Map([...cell(rows()[0], "fund").options].map((o) => [o.value, o.label]));

  // ── Sums ──
  const said = form.querySelector("[data-balance]"), rests = form.querySelector("[data-rests]");
  const off = (f) => `${f.debit > f.credit ? form.dataset.debitMore : form.dataset.creditMore} ${write(Math.abs(f.debit - f.credit))}`;
  const add = () => {
    const now = judge(rows().map(read));
    for (const side of ["debit", "credit"]) form.querySelector(`[data-sum="${side}"]`).textContent = write(now.sums[side]);
    const moved = now.sums.debit + now.sums.credit > 0;
    said.textContent = !moved ? "" : now.off.length ? now.off.map(([fund, f]) => form.dataset.of.replace("{fund}", named.get(fund)).replace("{off}", off(f))).join(" · ") : now.balanced ? `✓ ${form.dataset.agree}` : "";
    said.classList.toggle("off", now.off.length > 0);
    said.classList.toggle("even", now.balanced);
    rests.hidden = now.funds.size < 2;
    rests.replaceChildren(...[...now.funds].map(([fund, f]) => {
      const li = document.createElement("li"), even = f.debit === f.credit;
      li.append(Object.assign(document.createElement("b"), { textContent: named.get(fund) }), Object.assign(document.createElement("span"), { className: even ? "num even" : "num off", textContent: `${form.dataset.debit} ${write(f.debit)} · ${form.dataset.credit} ${write(f.credit)} · ${even ? `✓ ${form.dataset.agree}` : off(f)}` }));
      return li;
    }));
    return now;
  };

  // ── Rows ──
  const more = (count) => {
    let first;
    for (let n = 0; n < count && rows().length < linesMax; n++) {
      const last = rows().at(-1), next = rows().length + 1, row = last.cloneNode(true);
      row.classList.remove("wrong");
      for (const old of row.querySelectorAll(".wrong-text, .accounts-list, [type=hidden]")) old.remove();
      row.querySelector("legend").textContent = row.querySelector("legend").textContent.replace(/\d+/, next);
      row.querySelector(".n").textContent = next;
      for (const field of cells(row)) {
        field.name = field.name.replace(/-\d+$/, `-${next}`);
        row.querySelector(`label[for="${field.id}"]`).htmlFor = field.id = `f-${field.name}`;
        for (const attribute of ["aria-invalid", "aria-describedby", "aria-activedescendant"]) field.removeAttribute(attribute);
        field.value = field.matches("select") ? cell(last, "fund").value : "";
      }
      last.after(row);
      first ??= row;
    }
    form.elements.lines.value = rows().length;
    const button = form.querySelector("[data-more]");
    if (button) button.hidden = rows().length >= linesMax;
    return first;
  };
  const go = (field) => { field?.focus(); if (field?.matches("input")) field.select(); };
  // next leads from a cell to the one after it: from the last line to a new one, from a blank line of a balanced entry to the button.
  const next = (field) => {
    const row = field.closest("fieldset.posting"), all = rows(), at = all.indexOf(row), own = cells(row);
    if (empty(row) && add().balanced) return form.querySelector("[data-go]").focus();
    const skip = field === own[2] && field.value.trim(); // a debit is there: no credit beside it
    const after = own[own.indexOf(field) + 1];
    if (after && !skip) return go(after);
    go(cell(all[at + 1] ?? more(1) ?? row, "account"));
  };
  const column = (field, step) => {
    const all = rows(), row = field.closest("fieldset.posting");
    const to = all[all.indexOf(row) + step] ?? (step > 0 && !empty(row) ? more(1) : undefined);
    if (to) go(cell(to, field.name.replace(/-\d+$/, "")));
  };
  // rest fills in what the line's fund lacks, on the side where it is missing.
  const rest = (field) => {
    const row = field.closest("fieldset.posting");
    cell(row, "debit").value = cell(row, "credit").value = "";
    const fund = judge(rows().map(read)).funds.get(cell(row, "fund").value) ?? { debit: 0, credit: 0 };
    const missing = fund.credit - fund.debit;
    const to = cell(row, missing > 0 ? "debit" : missing < 0 ? "credit" : field.name.replace(/-\d+$/, ""));
    if (missing) to.value = plain(Math.abs(missing));
    to.dispatchEvent(new Event("input", { bubbles: true }));
    go(to);
  };
  const clear = (row) => {
    for (const field of cells(row)) if (field.matches("input")) field.value = "";
    form.dispatchEvent(new Event("input"));
    go(cell(row, "account"));
  };
  // paste lays cells of a spreadsheet out over the form, from the cell where the cursor is.
  const paste = (event) => {
    const text = event.clipboardData.getData("text");
    const field = event.target.closest("fieldset.posting input");
    if (!field || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    let row = field.closest("fieldset.posting");
    for (const line of text.replace(/\r/g, "").replace(/\n+$/, "").split("\n")) {
      let to = cells(row).indexOf(field) < 0 ? cells(row).findIndex((f) => f.name.startsWith(field.name.replace(/\d+$/, ""))) : cells(row).indexOf(field);
      for (const value of line.split("\t")) {
        const into = cells(row)[to++];
        if (!into) break;
        if (into.matches("input.money")) into.value = value.replace(/[¥,，\s]/g, "");
        else if (into.matches("input")) into.value = value.trim();
        else into.value = [...into.options].find((o) => [o.value, o.label].includes(value.trim()))?.value ?? into.value;
      }
      const all = rows();
      row = all[all.indexOf(row) + 1] ?? more(1);
      if (!row) break;
    }
    form.dispatchEvent(new Event("input"));
  };

  const list = combobox(form, next);
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return form.requestSubmit(form.querySelector("[data-go]"));
    }
    const field = event.target, row = field.closest("fieldset.posting");
    if (!row) {
      if (event.key === "Enter" && field.matches(".entry-head input")) {
        event.preventDefault();
        const heads = [...form.querySelectorAll(".entry-head input")];
        go(heads[heads.indexOf(field) + 1] ?? cell(rows()[0], "account"));
      }
      return;
    }
    const does = {
      Enter: () => {
        const all = rows().flatMap(cells);
        return event.shiftKey ? go(all[Math.max(0, all.indexOf(field) - 1)]) : next(field);
      },
      ArrowDown: field.matches("input") && (() => column(field, 1)),
      ArrowUp: field.matches("input") && (() => column(field, -1)),
      "=": field.matches("input.money") && (() => rest(field)),
      Delete: event.ctrlKey && (() => clear(row)),
    }[event.key];
    if (!does || event.altKey) return;
    event.preventDefault();
    list.close();
    does();
  });
  form.addEventListener("paste", paste);
  form.addEventListener("input", add);
  form.querySelector("[data-more]")?.addEventListener("click", (event) => { event.preventDefault(); go(cell(more(4), "account")); add(); });
  form.querySelector("[data-keys]").hidden = false;
  keep(form, rows, more);
  add();
}

// combobox lets one account be chosen under the cell where one types, after WAI-ARIA's pattern with list autocomplete.
function combobox(form, next) {
  const accounts = [...form.querySelectorAll("#accounts option")].map((o) => {
    const [code, ...name] = o.value.split(" ");
    return { code, value: o.value, name: name.join(" ").toLowerCase(), shown: name.join(" "), other: o.dataset.other.toLowerCase(), also: o.dataset.other, syllables: o.dataset.sounds.split(" ") };
  });
  const list = Object.assign(document.createElement("ul"), { id: "accounts-list", className: "accounts-list", hidden: true });
  list.setAttribute("role", "listbox");
  form.append(list);
  let field, found = [], at = -1;
  const equip = (f) => {
    f.removeAttribute("list");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) f.setAttribute(name, value);
  };
  const close = () => {
    list.hidden = true;
    field?.setAttribute("aria-expanded", "false");
    field?.removeAttribute("aria-activedescendant");
    found = [];
  };
  const stand = (n) => {
    at = n;
    for (const [i, option] of [...list.children].entries()) option.setAttribute("aria-selected", i === at ? "true" : "false");
    if (!list.children[at]) return;
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const open = (all) => {
    list.setAttribute("aria-label", form.querySelector(`label[for="${field.id}"]`).textContent);
    found = all;
    if (!found.length) {
      close();
      return;
    }
    list.replaceChildren(...found.map((a, i) => {
      const option = Object.assign(document.createElement("li"), { id: `account-${i}`, textContent: a.value });
      option.setAttribute("role", "option");
      option.append(Object.assign(document.createElement("small"), { textContent: a.also }));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(i); });
      return option;
    }));
    field.parentElement.append(list);
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    stand(0);
  };
  const choose = (n) => {
    field.value = found[n].value;
    field.removeAttribute("aria-invalid");
    close();
    form.dispatchEvent(new Event("input"));
  };
  const ours = (target) => target.matches('fieldset.posting [name^="account-"]');
  form.addEventListener("focusin", (event) => {
    if (!ours(event.target)) return;
    field = event.target;
    equip(field);
  });
  form.addEventListener("focusout", close);
  form.addEventListener("input", (event) => { if (event.target !== form && ours(event.target)) open(find(accounts, event.target.value)); });
  // Before the form's own keys: while the list is open, they are the list's.
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || !ours(event.target) || event.ctrlKey || event.metaKey) return;
    if (list.hidden) {
      if (event.key === "ArrowDown" && event.altKey) { event.preventDefault(); open(accounts); }
      return;
    }
    const does = {
      ArrowDown: () => stand((at + 1) % found.length),
      ArrowUp: () => stand((at + found.length - 1) % found.length),
      Escape: close,
      Enter: () => { choose(at); next(event.target); },
      Tab: () => choose(at),
    }[event.key];
    if (!does) return;
    if (event.key !== "Tab") event.preventDefault();
    does();
  });
  for (const f of form.querySelectorAll('fieldset.posting [name^="account-"]')) equip(f);
  return { close };
}

// keep remembers in this browser what is typed and not posted, and brings it back.
function keep(form, rows, more) {
  if (!form.dataset.draft) return;
  const key = form.dataset.draft, note = document.querySelector("[data-draft-note]");
  const fields = () => [...form.elements].filter((f) => /^(date|memo|detail|(account|fund|debit|credit)-\d+)$/.test(f.name));
  const typed = () => fields().some((f) => f.value.trim() && !/^(date|fund-.*)$/.test(f.name));
  form.addEventListener("input", () => {
    const draft = { at: Date.now(), form: form.elements.form.value, lines: rows().length, values: Object.fromEntries(fields().map((f) => [f.name, f.value])) };
    try {
      if (typed()) localStorage.setItem(key, JSON.stringify(draft));
      else localStorage.removeItem(key);
    } catch { /* a browser that keeps nothing keeps nothing */ }
  });
  const draft = stored(key);
  if (!draft || !("fresh" in form.dataset)) return;
  more(draft.lines - rows().length);
  for (const f of fields()) if (f.name in draft.values) f.value = draft.values[f.name];
  form.elements.form.value = draft.form;
  const words = note.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{at}", new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }));
  note.hidden = false;
  note.querySelector("[data-drop]").addEventListener("click", () => { localStorage.removeItem(key); location.reload(); });
}

function stored(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    return draft && Date.now() - draft.at < keptMax ? draft : undefined;
  } catch { return undefined; }
}

// forget drops the draft of an entry that is posted: the first half of its source is the moment when its form was shown.
function forget(source) {
  const shown = source.replace("manual:", "").slice(0, 13);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("fund-entry ") && stored(key)?.form.slice(0, 13) === shown) localStorage.removeItem(key);
  } catch { /* nothing is kept here */ }
}
