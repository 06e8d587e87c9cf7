// Small tools of the till's page: elements, words in the reader's language, sounds.

export const $ = (id) => document.getElementById(id);
export const copy = (id) => $(id).content.firstElementChild.cloneNode(true);

const words = Object.fromEntries([...$("t-words").content.children].map((i) => [i.dataset.word, i.textContent]));

// say is a message of the catalogue, till.say.<key>, with its {places} filled.
export const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const named = (item) => (document.documentElement.lang === "en" && item.name_en) || item.name_zh || item.name_en;

export const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

// stamp is now with this device's distance from Greenwich: 2026-11-23T10:00:00+08:00.
export const stamp = (now = new Date()) => {
  const off = -now.getTimezoneOffset();
  const two = (n) => String(n).padStart(2, "0");
  return new Date(now.getTime() + off * 60_000).toISOString().slice(0, 19) + (off < 0 ? "-" : "+") + two(Math.trunc(Math.abs(off) / 60)) + ":" + two(Math.abs(off) % 60);
};

// button makes one that does something.
export const button = (text, act, look = "btn dense") => {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: look, textContent: text, onclick: act });
  return made;
};

export const part = (tag, look, text) => Object.assign(document.createElement(tag), { className: look, textContent: text ?? "" });

// ask shows a question; true if it was answered with the button that does it.
export const ask = (title, text, act) => new Promise((answer) => {
  const box = $("ask");
  $("ask-title").textContent = title;
  $("ask-text").textContent = text;
  $("ask-do").textContent = act;
  let yes = false;
  $("ask-do").onclick = () => { yes = true; box.close(); };
  box.onclose = () => answer(yes);
  box.showModal();
});

let speaker;
// beep says by ear that something was taken, or was not. Silent unless somebody switched the sound on.
export const beep = (good = true) => {
  if (localStorage.getItem("till-sound") !== "on") return;
  speaker ??= new AudioContext();
  const tone = speaker.createOscillator();
  tone.frequency.value = good ? 880 : 220;
  tone.connect(speaker.destination);
  tone.start();
  tone.stop(speaker.currentTime + (good ? 0.07 : 0.3));
};

// Enter in a field of a dialog presses its main button, not the first one.
for (const box of document.querySelectorAll("dialog")) {
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    box.querySelector(".btn.main")?.click();
  });
}
