// Reads labels: with a scanner that types like a keyboard, and with the camera where the browser can.
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
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return;
  $("scan").hidden = false;
  $("scan").onclick = () => look(take);
};

// look opens the camera until a known label was seen.
const look = async (take) => {
  const box = $("camera"), picture = $("camera-picture"), wrong = $("camera-wrong");
  wrong.textContent = "";
  let open = true, stream;
  box.onclose = () => {
    open = false;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  box.showModal();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    picture.srcObject = stream;
    await picture.play();
    const reader = new BarcodeDetector();
    while (open) {
      const [label] = await reader.detect(picture);
      if (label && take(label.rawValue)) return box.close();
      wrong.textContent = label ? say("scan_unknown", { code: label.rawValue }) : "";
      await new Promise((next) => setTimeout(next, 150));
    }
  } catch { wrong.textContent = say("scan_dark"); }
};
