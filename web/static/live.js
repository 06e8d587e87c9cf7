// Keeps figures on the page up to date while somebody looks at it. Without this module the page is as right as when
// it was loaded.
//
//   <section data-live="/c/angong/campaigns/dinner/live">
//     已筹 <b data-live-text="raised">¥11,232</b> <div data-live-bar="share"><svg class="bar">…</svg></div>
//
// Each message is one flat object of strings: {"raised": "¥11,298", "share": "62.8%"}.
for (const region of document.querySelectorAll("[data-live]")) {
  let source;
  const open = () => {
    source ??= new EventSource(region.dataset.live);
    source.onmessage = (message) => show(region, JSON.parse(message.data));
  };
  const close = () => { source?.close(); source = undefined; };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  if (!document.hidden) open();
}

function show(region, figures) {
  for (const [name, value] of Object.entries(figures)) {
    for (const e of region.querySelectorAll(`[data-live-text="${CSS.escape(name)}"]`)) e.textContent = value;
    for (const bar of region.querySelectorAll(`[data-live-bar="${CSS.escape(name)}"]`)) {
      bar.querySelector(".ruled, .fill")?.setAttribute("width", value);
      bar.querySelector(".edge")?.setAttribute("x", value);
    }
  }
}
