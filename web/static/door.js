// Scans tickets at a door with the camera, where the browser can; a scanner that types needs no help. Without this module
// the code is typed.
const form = document.getElementById("door"), code = form.elements.code, button = document.getElementById("scan");
const box = document.getElementById("camera"), picture = document.getElementById("camera-picture"), wrong = document.getElementById("camera-wrong");

const key = "door-camera"; // the camera stays open from one guest to the next

const look = async () => {
  box.hidden = false;
  button.hidden = true;
  try {
    picture.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    await picture.play();
    sessionStorage.setItem(key, "open");
    const reader = new BarcodeDetector({ formats: ["qr_code"] });
    const seen = sessionStorage.getItem("door-seen");
    for (;;) {
      const [label] = await reader.detect(picture);
      if (label && label.rawValue !== seen) {
        sessionStorage.setItem("door-seen", label.rawValue); // it is still in front of the camera after the answer
        code.value = label.rawValue;
        return form.submit();
      }
      await new Promise((next) => setTimeout(next, 150));
    }
  } catch {
    wrong.textContent = wrong.dataset.dark;
    sessionStorage.removeItem(key);
  }
};

if ("BarcodeDetector" in globalThis && navigator.mediaDevices?.getUserMedia) {
  button.hidden = false;
  button.onclick = () => { sessionStorage.removeItem("door-seen"); look(); };
  if (sessionStorage.getItem(key)) look();
}
