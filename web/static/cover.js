// Covers parts of a photograph before it leaves this device: what is dragged over turns black, in the file itself. The
// photograph is the one that is chosen, or one that the page brings (data-cover="address"). Without this module it has to be
// covered before it is chosen.
const box = document.querySelector("[data-cover]");
const form = box?.closest("form");
const file = form?.querySelector("input[type=file]");
const canvas = box?.querySelector("canvas");
const pen = canvas?.getContext("2d");
const brought = box?.dataset.cover;
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
const open = async (blob) => {
  try {
    picture = await createImageBitmap(blob);
  } catch { return; } // the server says what is wrong with it
  const scale = Math.min(1, 1600 / picture.width, 2400 / picture.height);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  box.hidden = false;
  draw();
};

file?.addEventListener("change", () => {
  box.hidden = true;
  marks = [];
  if (file.files[0]) open(file.files[0]);
});
if (brought) {
  const answer = await fetch(brought);
  if (answer.ok) {
    await open(await answer.blob());
    form.querySelector("[data-plain]").hidden = Boolean(picture);
  }
}
canvas?.addEventListener("pointerdown", (event) => { from = at(event); canvas.setPointerCapture(event.pointerId); });
canvas?.addEventListener("pointermove", (event) => { if (from) draw(area(at(event))); });
canvas?.addEventListener("pointerup", (event) => { if (from) marks.push(area(at(event))); from = undefined; draw(); });
box?.querySelector("button").addEventListener("click", () => { marks = []; draw(); });
form?.addEventListener("submit", (event) => {
  if (!picture || !marks.length && !brought) return;
  const covered = form.querySelector("[name=covered]");
  if (!covered.checked) { // or what was covered by hand would be lost on the way
    covered.setCustomValidity(covered.closest("label").textContent.trim());
    covered.reportValidity();
    covered.setCustomValidity("");
    event.preventDefault();
    return;
  }
  event.preventDefault();
  canvas.toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], "covered.jpg", { type: "image/jpeg" }));
    file.files = files.files;
    form.submit();
  }, "image/jpeg", 0.9);
});
