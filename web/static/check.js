// The page's side of proof.js: fills in what this device found, takes files and codes, and leaves the rest to the server.
// Every word stands in the page; here is none.
import * as proof from "./proof.js";
import { canScan, look } from "./scan.js";

// show fills in what this device computed, into the section that the server drew for it.
const show = async (section, text) => {
  const { key } = section.dataset;
  const part = (name) => section.querySelector(`[data-step="${name}"]`);
  const tell = (name, state, what = "") => {
    const line = part(name);
    if (!line) return;
    line.hidden = false;
    line.dataset.is = state;
    for (const said of line.children) {
      said.hidden = said.dataset.state !== state;
      const hole = said.querySelector("[data-what]");
      if (hole) hole.textContent = what;
    }
  };
  const verdict = (name) => {
    for (const said of section.querySelectorAll("[data-verdict]")) said.hidden = said.dataset.verdict !== name;
    section.dataset.done = name;
    if (name === "false") section.querySelector("details").open = true;
  };
  for (const line of section.querySelectorAll("[data-step]")) line.hidden = true;
  section.hidden = false;
  if (!globalThis.crypto?.subtle) return verdict("unable");
  try {
    const way = section.dataset.between ? continued : text.includes('"fund fork proof v1"') ? forked : proven;
    const found = await way(text, key, tell, section);
    verdict(found.signed === null ? "partly" : "true");
  } catch (wrong) {
    if (!wrong.step) throw wrong;
    tell(wrong.step === "fork" ? "path" : wrong.step, "bad");
    verdict("false");
  }
};

const proven = async (text, key, tell, section) => {
  const found = await proof.check(text, key, (step, what, signed) => tell(step, signed === null ? "unable" : "ok", what));
  known(found.checkpoint.origin, key, tell);
  for (const line of section.querySelectorAll("[data-witness]")) {
    const at = await proof.witnessedBy(found.checkpoint, line.dataset.witness).catch(() => undefined);
    line.hidden = at === undefined || at === null;
    line.dataset.is = at ? "ok" : "bad";
    for (const said of line.children) said.hidden = (said.dataset.state === "ok") !== !!at;
  }
  return found;
};

const forked = async (text, key, tell) => {
  const found = await proof.contradicts(text, key);
  tell("read", "ok", `${found.older.size} / ${found.newer.size}`);
  tell("path", "ok", proof.hex(found.newer.root));
  tell("signed", found.signed === null ? "unable" : "ok", found.older.origin);
  return found;
};

// continued holds a checkpoint that somebody kept against the newest one.
const continued = async (text, key, tell, section) => {
  const read = async (address) => (await fetch(address)).text();
  const older = proof.readCheckpoint(`${text.replaceAll("\r\n", "\n").trim()}\n`);
  const newer = proof.readCheckpoint(await read(section.dataset.newer));
  tell("read", "ok", `${older.size} / ${newer.size}`);
  const found = await proof.continues(older, newer, await read(section.dataset.between), key);
  tell("path", "ok", proof.hex(newer.root));
  tell("signed", found.signed === null ? "unable" : "ok", older.origin);
  known(older.origin, key, tell);
  return found;
};

// known compares the log's key with the one that this device saw before, and remembers it the first time.
const known = (origin, key, tell) => {
  try {
    const at = `fund key ${origin}`, before = localStorage.getItem(at);
    if (!before) localStorage.setItem(at, key);
    tell("key", !before ? "first" : before === key ? "ok" : "bad");
  } catch { /* a device that remembers nothing */ }
};

// own sections stand on pages of a receipt or an entry: their proof is fetched.
const fetched = async (section) => {
  if (!section.dataset.proof) return;
  const answer = await fetch(section.dataset.proof);
  if (answer.ok) await show(section, await answer.text());
};
for (const section of document.querySelectorAll("[data-own]")) fetched(section);

// a file is checked by the server and, where it is a proof, by this device.
const form = document.querySelector("[data-check-file]");
const place = document.querySelector("[data-checked]");
const send = async (file) => {
  if (!file) return;
  place.hidden = false;
  place.textContent = place.dataset.working;
  const body = new FormData(form);
  body.set("proof_file", file);
  const answer = await fetch(form.action, { method: "POST", body });
  if (answer.redirected) return location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const result = page.querySelector("[data-result], [role=alert]") ?? page.querySelector("main");
  place.replaceChildren(result);
  place.focus();
  const own = place.querySelector("[data-own]");
  if (own?.dataset.proof) await fetched(own);
  else if (own && own.dataset.own === "file") await show(own, await file.text());
  place.dataset.done = "yes";
};
if (form) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => {
    if (!input.files[0]) return;
    event.preventDefault();
    send(input.files[0]);
  });
  input.addEventListener("change", () => send(input.files[0]));
  form.querySelector("[data-drop]").hidden = !matchMedia("(hover: hover)").matches;
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("over", kind === "dragover");
      if (kind === "drop") send(event.dataTransfer.files[0]);
    });
  }
}

// the camera leads where the code says, if that is here.
const scan = document.querySelector("[data-scan]");
if (scan && canScan()) {
  const box = document.querySelector("#check-camera"), wrong = box.querySelector("[role=alert]");
  const other = wrong.dataset.other;
  document.querySelector("[data-scan-box]").hidden = false;
  document.querySelector("form .btn.main")?.classList.remove("main"); // one next step: the camera
  scan.addEventListener("click", () => look({
    box, picture: box.querySelector("video"),
    take: (code) => {
      const to = URL.canParse(code) && new URL(code);
      if (!to || !/^\/(?:[rs]\/[\w-]{16,64}|[cg]\/.+)$/.test(to.pathname)) return false;
      location.assign(to.pathname);
      return true;
    },
    unknown: (code) => { wrong.textContent = code && other.replace("…", code); },
    dark: () => { wrong.textContent = wrong.dataset.dark; },
  }));
}
