// Covers parts of a photograph before it leaves this device: what is dragged over turns black, in the file itself. Without this
// module the photograph has to be covered before it is chosen.
const box = document.querySelector("[data-cover]");
const form = box?.closest("form");
const file = form?.querySelector("input[type=file]");
const canvas = box?.querySelector("canvas");
const pen = canvas?.getContext("2d");
let picture, from, marks = [];

const draw = (extra) => {
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  for (const [x, y, w, h] of extra ? [...marks, extra] : marks) pen.fillRect(x, y, w, h);
};
const at = (event) => {
  const room = canvas.getBoundingClientRect();
  return [(event.clientX - room.left) * canvas.width / room.width, (event.clientY - room.top) * canvas.height / room.height];
};
const area = ([x, y]) => [Math.min(x, from[0]), Math.min(y, from[1]), Math.abs(x - from[0]), Math.abs(y - from[1])];

file?.addEventListener("change", async () => {
  box.hidden = true;
  marks = [];
  if (!file.files[0]) return;
  try {
    picture = await createImageBitmap(file.files[0]);
  } catch { return; } // the server says what is wrong with it
  const scale = Math.min(1, 1600 / picture.width, 2400 / picture.height);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  box.hidden = false;
  draw();
});
canvas?.addEventListener("pointerdown", (event) => { from = at(event); canvas.setPointerCapture(event.pointerId); });
canvas?.addEventListener("pointermove", (event) => { if (from) draw(area(at(event))); });
canvas?.addEventListener("pointerup", (event) => { if (from) marks.push(area(at(event))); from = undefined; draw(); });
box?.querySelector("button").addEventListener("click", () => { marks = []; draw(); });
form?.addEventListener("submit", (event) => {
  if (!marks.length) return;
  event.preventDefault();
  canvas.toBlob((blob) => {
    const covered = new DataTransfer();
    covered.items.add(new File([blob], "covered.jpg", { type: "image/jpeg" }));
    file.files = covered.files;
    form.submit();
  }, "image/jpeg", 0.9);
});
