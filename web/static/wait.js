// Asks every three seconds whether there is news, and goes on to it. Until then the page stays as it is, so that nobody who
// reads it aloud or large is thrown back to its top; only what is marked data-fresh, such as the time left, is brought up to
// date. Without this module the page loads itself again.
const before = document.querySelector("[role=status]").textContent;
const ask = async () => {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && page.querySelector("[role=status]")?.textContent !== before) return location.reload();
    for (const old of document.querySelectorAll("[data-fresh]")) {
      const fresh = page.querySelector(`[data-fresh="${CSS.escape(old.dataset.fresh)}"]`);
      if (fresh) old.textContent = fresh.textContent;
    }
  } catch {} // no network: ask again
  setTimeout(ask, 3000);
};
setTimeout(ask, 3000);
