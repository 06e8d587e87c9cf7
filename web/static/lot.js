// Keeps what is bid on a lot up to date, every three seconds while somebody looks: only what is marked data-fresh, so that
// what somebody types stays. Without this module the page is as right as when it was loaded.
const ask = async () => {
  try {
    const answer = document.hidden ? undefined : await fetch(location.href);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of document.querySelectorAll("[data-fresh]")) {
        const fresh = page.querySelector(`[data-fresh="${CSS.escape(old.dataset.fresh)}"]`);
        if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
      }
    }
  } catch {} // no network: ask again
  setTimeout(ask, 3000);
};
setTimeout(ask, 3000);
