// Lets the corridor screen run for months without anybody near it. Each turn asks the server for the next slide and puts
// it in place of the last. Where no good answer comes, slides seen before go on, with a sign of how old they are, and the
// server is asked less often until it answers again. A new release is taken over without leaving the page, because a page
// that is left while the server is away is an error page for ever.
const root = document.documentElement;
const patience = 10_000; // ms for an answer
const rarest = 300_000; // ms between questions while nobody answers
const keptMax = 24;

const kept = new Map(); // address → the slide as it last was, its dataset.at the moment of that
let failures = 0;
let askAgain = 0;
let timer, clock;
let handedOver = false;

const slide = () => document.querySelector(".screen");
const hold = () => Number(slide().dataset.hold) * 1000;

async function turn() {
  try {
    const address = slide().dataset.next;
    const answer = Date.now() >= askAgain ? await ask(address) : undefined;
    if (handedOver) return;
    const next = answer ?? kept.get(address) ?? kept.values().next().value;
    if (next) slide().replaceWith(next.cloneNode(true));
    tick();
  } finally {
    if (!handedOver) timer = setTimeout(turn, hold());
  }
}

// ask gets a slide, or nothing: whatever is wrong with the answer, it never stops the screen.
async function ask(address) {
  try {
    const answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(patience) });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(".screen[data-next][data-hold]");
    if (!found) throw new Error("no slide");
    failures = 0;
    found.dataset.at = Date.now();
    kept.delete(address); // the newest stand last
    kept.set(address, document.importNode(found, true));
    if (kept.size > keptMax) kept.delete(kept.keys().next().value);
    if (!handedOver && page.documentElement.dataset.version !== root.dataset.version) await upgrade(page);
    return kept.get(address);
  } catch {
    failures++;
    askAgain = Date.now() + Math.min(hold() * 2 ** (failures - 1) - 100, rarest);
  }
}

// upgrade takes the styles and the module of a new release over. Where one cannot be had, all stays as it is.
async function upgrade(page) {
  const before = root.dataset.version;
  root.dataset.version = page.documentElement.dataset.version; // now, so that nobody else begins
  const old = [...document.querySelectorAll("link[rel=stylesheet]")];
  const styles = await Promise.all([...page.querySelectorAll("link[rel=stylesheet]")].map((link) => new Promise((done) => {
    const copy = document.importNode(link);
    copy.onload = () => done(copy);
    copy.onerror = () => { copy.remove(); done(); };
    document.head.append(copy);
  })));
  const module = page.querySelector("script[type=module]").getAttribute("src");
  const next = styles.includes(undefined) ? undefined : await import(module).catch(() => {});
  if (!next) {
    root.dataset.version = before;
    for (const copy of styles) copy?.remove();
    return;
  }
  for (const link of old) link.remove();
  handedOver = true;
  clearTimeout(timer);
  clearInterval(clock);
  next.run();
}

// tick sets the clock, and says how old the figures are once a question has failed.
function tick() {
  const { zone, at } = slide().dataset;
  slide().querySelector("[data-clock]").textContent = moment(new Date(), zone);
  const sign = slide().querySelector("[data-old]");
  sign.hidden = failures === 0;
  sign.textContent = sign.dataset.old.replace("{at}", moment(new Date(Number(at)), zone));
}

function moment(at, timeZone) {
  const parts = {};
  const format = new Intl.DateTimeFormat(root.lang, {
    timeZone: timeZone || undefined, month: root.lang === "en" ? "short" : "numeric", day: "numeric", weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  for (const { type, value } of format.formatToParts(at)) parts[type] = value;
  const time = `${parts.weekday} ${parts.hour}:${parts.minute}`;
  return root.lang === "en" ? `${parts.day} ${parts.month} ${time}` : `${parseInt(parts.month)} 月 ${parseInt(parts.day)} 日 ${time}`;
}

// learn asks for every slide once, so that an outage from the first minute on shows all of them.
async function learn() {
  let address = slide().dataset.next;
  for (let n = Number(slide().dataset.slides); n > 0 && !handedOver; n--) {
    const found = await ask(address);
    if (!found) return;
    address = found.dataset.next;
  }
}

// run begins, or begins again where servers of two releases answer by turns.
export function run() {
  root.dataset.running = "yes";
  handedOver = false;
  failures = 0;
  slide().dataset.at ??= Date.now();
  clock = setInterval(tick, 5_000);
  timer = setTimeout(turn, hold());
  learn();
}

addEventListener("online", () => { askAgain = 0; });
if (!root.dataset.running) run(); // else the module of the release before calls it
