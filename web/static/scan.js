// Reads codes with the camera, where the browser can.

export const canScan = () => "BarcodeDetector" in globalThis && !!navigator.mediaDevices?.getUserMedia;

const pause = 150; // ms between two looks

// look opens a dialog with the camera's picture until take knows a code that was seen, or the dialog is closed. unknown hears
// codes that it does not know, dark that there is no picture.
export const look = async ({ box, picture, take, unknown, dark }) => {
  unknown("");
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
      unknown(label ? label.rawValue : "");
      await new Promise((next) => setTimeout(next, pause));
    }
  } catch { dark(); }
};
