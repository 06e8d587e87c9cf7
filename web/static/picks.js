// Shows a field only while the choice it belongs to is picked, and puts the cursor in it. Without this module the field
// is always there and its hint says when to fill it in.
//
//   <input type="radio" name="amount" value="own"> … <div class="field" data-when="amount=own">…</div>
for (const field of document.querySelectorAll("[data-when]")) {
  const [name, value] = field.dataset.when.split("=");
  const form = field.closest("form");
  const picked = () => new FormData(form).get(name) === value;
  const follow = () => { field.hidden = !picked(); };
  form.addEventListener("change", (event) => {
    if (event.target.name !== name) return;
    follow();
    if (picked()) field.querySelector("input, textarea")?.focus();
  });
  follow();
}

// A form is sent once: a second press within three seconds is the same press.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sent < 3000) event.preventDefault();
    else sent = Date.now();
  });
}
