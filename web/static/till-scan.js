// Reads labels: with a scanner that types like a keyboard, and with the camera where the browser can.
import { canScan, look } from "./scan.js";
import { $, say } from "./till-show.js";

const quick = 40; // ms between two signs: nobody types like that

// watchScanner gives every code that was scanned to take, which says whether it knew it.
export const watchScanner = (take) => {
  let typed = "", last = 0;
  addEventListener("keydown", (event) => {
    if (event.target.closest?.("dialog")) return;
    const fast = event.timeStamp - last < quick;
    last = event.timeStamp;
    if (event.key === "Enter") {
      const code = typed;
      typed = "";
      if (!fast || code.length < 4 || !take(code)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.target.tagName === "INPUT") event.target.value = event.target.value.replace(code, "");
      return;
    }
    if (event.key.length !== 1) return;
    typed = fast ? typed + event.key : event.key;
  }, true);
  if (!canScan()) return;
  $("scan").hidden = false;
  $("scan").onclick = () => show(take);
};

// show opens the camera until a known label was seen.
const show = (take) => {
  const wrong = $("camera-wrong");
  look({
    box: $("camera"), picture: $("camera-picture"), take,
    unknown: (code) => { wrong.textContent = code ? say("scan_unknown", { code }) : ""; },
    dark: () => { wrong.textContent = say("scan_dark"); },
  });
};
