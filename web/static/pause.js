// Keeps a button from being pressed for the seconds in data-pause, and shows them run. The server refuses an earlier press
// anyway; without this module the page says so.
for (const button of document.querySelectorAll("[data-pause]")) {
  const words = button.textContent;
  let left = Number(button.dataset.pause);
  const tick = () => {
    if (left <= 0) {
      button.removeAttribute("aria-disabled");
      button.textContent = words;
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = `${words} · ${left}`;
    left -= 1;
    setTimeout(tick, 1000);
  };
  button.addEventListener("click", (event) => { if (button.hasAttribute("aria-disabled")) event.preventDefault(); });
  tick();
}
