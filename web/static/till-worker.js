// Keeps the till's shell, its styles, modules and pictures in the browser, so that it opens without a network. It keeps
// nothing that is about a person; what was sold lies elsewhere, in the store. known comes in front of this text.

const own = `till ${known.shell} `;
const release = known.files[0].split("/")[2];
const shelf = own + release;
const pictures = `${own}pictures`;
const patience = 4000; // ms for the shell: a slow network is none

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil((async () => {
    const cache = await caches.open(shelf);
    await cache.addAll(known.files);
    await keepShell(await fetch(known.shell, { cache: "no-store" }));
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const key of await caches.keys()) if (key.startsWith(own) && key !== shelf && key !== pictures) await caches.delete(key);
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === known.shell) event.respondWith(shell(request));
  } else if (known.files.includes(pathname)) {
    event.respondWith(caches.match(request.url).then((held) => held ?? fetch(request)));
  } else if (pathname.startsWith(known.shell.replace(/till$/, "pictures/"))) {
    event.respondWith(picture(request));
  }
});

// shell is the newest one, or the kept one where the network does not give it in time.
async function shell(request) {
  const late = new Promise((_, broken) => setTimeout(broken, patience));
  try {
    const fresh = await Promise.race([fetch(request), late]);
    if (fresh.status >= 500) throw new Error(fresh.status);
    await keepShell(fresh.clone());
    return fresh;
  } catch {
    return (await caches.match(known.shell)) ?? fetch(request);
  }
}

// keepShell keeps a shell that belongs to the files kept here, and no page that came instead of it.
async function keepShell(answer) {
  if (!answer.ok || answer.redirected || answer.type === "opaqueredirect") return;
  const text = await answer.clone().text();
  if (!text.includes(known.files[0])) return;
  const cache = await caches.open(shelf);
  await cache.put(known.shell, new Response(text, { headers: answer.headers }));
}

async function picture(request) {
  const cache = await caches.open(pictures);
  const held = await cache.match(request);
  if (held) return held;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}
