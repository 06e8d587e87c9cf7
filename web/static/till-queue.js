// Sends what was sold. A sale waits in the store until the server has said its number; it may be sent any number of times,
// because its id is the server's key. One tab sends at a time; which one does not matter.

const batch = 50;
const patience = 20_000; // ms for an answer
const waitMax = 60; // s between two tries

// Server is the other end. ask gives {status, data}; a network that does not answer is an exception.
export class Server {
  constructor(base) {
    this.base = base;
    this.token = "";
  }

  async ask(path, body) {
    const headers = { Accept: "application/json" };
    if (body) Object.assign(headers, { "Content-Type": "application/json", "X-Csrf-Token": this.token });
    const answer = await fetch(this.base + path, {
      method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), cache: "no-store", signal: AbortSignal.timeout?.(patience),
    });
    const data = await answer.json().catch(() => ({}));
    const { error } = data;
    return {
      status: answer.status, ok: answer.ok, data, code: error?.code ?? error ?? "",
      text: error?.text ?? [data.title, data.detail].filter(Boolean).join(" "), wait: Number(answer.headers.get("Retry-After")) || 0,
    };
  }

  // state is what the till needs to sell, with the token for what it sends.
  async state(query) {
    const answer = await this.ask(`/state.json${query}`);
    if (answer.ok) this.token = answer.data.form_token;
    return answer;
  }
}

// Queue sends and tries again. kind is how it stands with the server: "" before the first answer, online, offline, login
// (somebody has to log in again) or trouble (the server answers, but does not take it).
export class Queue {
  constructor({ store, server, slug, query, changed }) {
    Object.assign(this, { store, server, query, changed, lock: `fund-till-${slug}`, kind: "", text: "", size: batch, tries: 0 });
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.stand("offline"));
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  stand(kind, text = "") {
    const moved = this.kind !== kind || this.text !== text;
    Object.assign(this, { kind, text });
    if (moved) this.changed();
  }

  // now sends at once, and starts counting the tries again.
  now() {
    this.tries = 0;
    return this.send();
  }

  async send() {
    clearTimeout(this.timer);
    if (this.sending) return (this.again = true);
    this.sending = true;
    let done = false;
    try {
      const round = () => this.round();
      done = await (navigator.locks ? navigator.locks.request(this.lock, round) : round());
    } catch (error) {
      // The store could not be read or written: what waits, waits.
      this.stand("trouble", String(error?.message ?? error));
    }
    this.sending = false;
    if (this.again) {
      this.again = false;
      return this.send();
    }
    this.tries = done ? 0 : this.tries + 1;
    if (!done) this.timer = setTimeout(() => this.send(), 1000 * Math.max(this.wait ?? 0, Math.min(waitMax, 2 ** this.tries) * (0.75 + Math.random() / 2)));
  }

  // round sends until nothing waits; false if it has to be tried again.
  async round() {
    for (let stale = 0; ;) {
      const waiting = (await this.store.all("sales")).filter((s) => s.state === "waiting").sort((a, b) => (a.at < b.at ? -1 : 1));
      const voids = await this.store.all("voids");
      const session = (waiting[0] ?? voids[0])?.session;
      if (!session) return this.kind === "online" || this.kind === "" || this.reach();
      const sales = waiting.filter((s) => s.session === session).slice(0, this.size);
      const counted = voids.filter((v) => v.session === session).slice(0, 2 * batch);
      let answer;
      try {
        if (!this.server.token) await this.server.state(this.query());
        answer = await this.server.ask("/sync", { session, sales: sales.map((s) => s.wire), voids: counted.map(({ session: _, ...v }) => v) });
      } catch {
        this.stand("offline");
        return false;
      }
      this.wait = answer.wait;
      if (answer.status === 403 && /stale|forged/.test(answer.code) && stale++ === 0) {
        this.server.token = "";
        continue;
      }
      if (!answer.ok && !(await this.refused(answer, sales, counted))) return false;
      if (answer.ok && !(await this.taken(answer.data, sales, counted))) return false;
    }
  }

  // reach asks whether the server is there again when nothing is left to send.
  async reach() {
    const answer = await this.server.state(this.query()).catch(() => undefined);
    if (answer?.ok) this.stand("online");
    return Boolean(answer?.ok);
  }

  // taken writes down what became of each sale; false if some wait on.
  async taken({ done = [], refused = [] }, sales, counted) {
    this.size = batch;
    await this.store.change([
      ...done.map(({ id, number, token, url }) => ({ id, state: "done", number, token, url, text: "" })),
      ...refused.map(({ id, code, text }) => (code === "failed" ? { id, text } : { id, state: "refused", code, text })),
    ]);
    await this.store.counted(counted.map((v) => v.id));
    const told = new Set([...done, ...refused.filter((r) => r.code !== "failed")].map((one) => one.id));
    this.stand("online");
    this.changed();
    return sales.every((s) => told.has(s.id));
  }

  // refused sees to a request that was refused as a whole; true to go on with the next.
  async refused(answer, sales, counted) {
    if (answer.status === 401) return this.stand("login"), false;
    if (answer.status === 403 || answer.status === 429 || answer.status >= 500) return this.stand("trouble", answer.text), false;
    if (sales.length > 1) { // one of them is at fault: send each by itself
      this.size = 1;
      return true;
    }
    await this.store.change(sales.map(({ id }) => ({ id, state: "refused", code: answer.code, text: answer.text })));
    await this.store.counted(sales.length ? [] : counted.map((v) => v.id));
    this.changed();
    return true;
  }
}
