// Checks proofs of a community's log in the browser itself, with nothing but the log's public key: SHA-256 of a record, the
// path to a checkpoint's root (RFC 6962), and the Ed25519 signatures of the log and of its witnesses. It knows no page and
// asks no server. Its verdicts are those of the Go packages: web/public/testdata/proofs.json holds both to the same cases.

const utf8 = new TextEncoder();
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const join = (...parts) => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
const node = (left, right) => sha256([1], left, right);
const half = (n) => Math.floor(n / 2);
export const hex = (hash) => [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Wrong names the step at which a proof fails: read, signed, path or fork.
export class Wrong extends Error {
  constructor(step) {
    super(step);
    this.step = step;
  }
}

// leafHash is the fingerprint of a record: its leaf in the tree.
const leafHash = (record) => sha256([0], utf8.encode(record));

// climb is the root to which a leaf leads (RFC 9162, 2.1.3.2).
const climb = async (index, size, leaf, path) => {
  if (index >= size) throw new Wrong("path");
  let at = index, last = size - 1, root = leaf;
  for (const hash of path) {
    if (last === 0) throw new Wrong("path");
    if (at % 2 === 1 || at === last) {
      root = await node(hash, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      root = await node(root, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw new Wrong("path");
  return root;
};

// grew tells whether the tree of the newer size and root begins with the older one's (RFC 9162, 2.1.4.2).
const grew = async (from, to, was, is, path) => {
  if (from === to) return path.length === 0 && same(was, is);
  if (from === 0 || from > to) return false;
  let at = from - 1, last = to - 1, rest = path;
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let older = was, newer = was;
  if (at !== 0) { // the older tree is not one whole subtree: the path begins with one
    if (path.length === 0) return false;
    older = newer = path[0];
    rest = path.slice(1);
  }
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = await node(hash, older);
      newer = await node(hash, newer);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      newer = await node(newer, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(older, was) && same(newer, is);
};

const hashOf = (text, step = "read") => {
  const hash = /^[A-Za-z0-9+/]{43}=$/.test(text) ? bytes(text) : [];
  if (hash.length !== 32) throw new Wrong(step);
  return hash;
};
const count = (text, step = "read") => {
  if (!/^(0|[1-9][0-9]{0,14})$/.test(text)) throw new Wrong(step);
  return Number(text);
};

// readCheckpoint takes a signed note apart: what is signed, and the lines under it. One that cannot be read is signed by nobody.
export const readCheckpoint = (signed) => {
  const cut = signed.lastIndexOf("\n\n");
  if (cut < 0) throw new Wrong("signed");
  const text = signed.slice(0, cut + 1);
  const lines = text.split("\n");
  const signatures = signed.slice(cut + 2).split("\n").filter(Boolean).map((line) => {
    const parts = /^— ([^ +]+) ([A-Za-z0-9+/]+=*)$/.exec(line);
    if (!parts) throw new Wrong("signed");
    return { name: parts[1], blob: bytes(parts[2]) };
  });
  if (lines.length < 4 || !lines[0]) throw new Wrong("signed");
  const read = { text, signatures, origin: lines[0], size: count(lines[1], "signed"), root: hashOf(lines[2], "signed"), papers: 0, papersRoot: null };
  for (const line of lines.slice(3)) {
    if (!line.startsWith("papers ")) continue;
    const [, size, root] = line.split(" ");
    [read.papers, read.papersRoot] = [count(size, "signed"), hashOf(root ?? "", "signed")];
    break;
  }
  return read;
};

// readKey takes a public key apart: name+hash+base64, of a log (1) or of a witness (4).
const readKey = async (text) => {
  const [, name, hash, rest] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? [];
  if (!rest) throw new Wrong("signed");
  const blob = bytes(rest);
  const sum = await sha256(utf8.encode(`${name}\n`), blob);
  if (blob.length !== 33 || hex(sum.slice(0, 4)) !== hash) throw new Wrong("signed");
  return { name, hash: sum.slice(0, 4), kind: blob[0], raw: blob.slice(1) };
};

const ed25519 = async (key, signature, message) => {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
};

const lineOf = (checkpoint, key) => checkpoint.signatures.find((s) => s.name === key.name && same(s.blob.slice(0, 4), key.hash))?.blob.slice(4);

// signedBy tells whether the log's key signed a checkpoint; null where this browser has no Ed25519.
const signedBy = async (checkpoint, publicKey) => {
  const key = await readKey(publicKey);
  const signature = lineOf(checkpoint, key);
  if (key.kind !== 1 || signature?.length !== 64) return false;
  try {
    return await ed25519(key.raw, signature, utf8.encode(checkpoint.text));
  } catch { return null; }
};

// witnessedBy tells when a witness countersigned a checkpoint; false where it did not, null where this browser cannot say.
export const witnessedBy = async (checkpoint, publicKey) => {
  const key = await readKey(publicKey);
  const blob = lineOf(checkpoint, key);
  if (!blob) return undefined;
  if (key.kind !== 4 || blob.length !== 72) return false;
  const at = new DataView(blob.buffer, blob.byteOffset).getBigUint64(0);
  try {
    const good = await ed25519(key.raw, blob.slice(8), utf8.encode(`cosignature/v1\ntime ${at}\n${checkpoint.text}`));
    return good && new Date(Number(at) * 1000);
  } catch { return null; }
};

const heads = { "c2sp.org/tlog-proof@v1": false, "fund paper proof v1": true };

// readEvidence parts a record from its proof, as the pages give both in one text or in one JSON value.
const readEvidence = (text) => {
  text = text.replaceAll("\r\n", "\n");
  if (text.trimStart().startsWith("{")) {
    try {
      const file = JSON.parse(text);
      text = (file.record ?? "") + (file.proof ?? "");
    } catch { throw new Wrong("read"); }
  }
  const at = Math.max(...Object.keys(heads).map((head) => text.lastIndexOf(`\n${head}\n`)));
  if (at < 0) throw new Wrong("read");
  const cut = text.indexOf("\n\n", at + 1);
  if (cut < 0) throw new Wrong("read");
  const [head, index, ...path] = text.slice(at + 1, cut).split("\n");
  if (!index?.startsWith("index ")) throw new Wrong("read");
  return { record: text.slice(0, at + 1), papers: heads[head], index: count(index.slice(6)), path: path.map((hash) => hashOf(hash)), signed: text.slice(cut + 2) };
};

// about says what a record is: of an entry its voucher, day and words.
const about = (record) => {
  const rows = record.split("\n");
  return rows[0] === "fund entry v1" ? `${rows[3]} · ${rows[4]} · ${rows[8]}` : `${rows[0]} ${rows[2] ?? ""}`;
};

// check follows a record to a signature. tell hears each step that holds; Wrong names the first one that does not. It comes
// back with signed null where this browser cannot check signatures.
export const check = async (text, publicKey, tell = () => {}) => {
  const evidence = readEvidence(text);
  const checkpoint = readCheckpoint(evidence.signed);
  tell("read", about(evidence.record));
  const signed = await signedBy(checkpoint, publicKey);
  if (signed === false) throw new Wrong("signed");
  const leaf = await leafHash(evidence.record);
  tell("leaf", hex(leaf));
  const [size, root] = evidence.papers ? [checkpoint.papers, checkpoint.papersRoot] : [checkpoint.size, checkpoint.root];
  const reached = await climb(evidence.index, size, leaf, evidence.path);
  if (!root || !same(reached, root)) throw new Wrong("path");
  tell("path", hex(root));
  tell("signed", checkpoint.origin, signed);
  return { evidence, checkpoint, leaf: hex(leaf), signed };
};

// continues tells whether a newer checkpoint begins with all of an older one: its entries and its papers. between is the proof,
// a hash a line, with an empty line before the papers'.
export const continues = async (older, newer, between, publicKey) => {
  const signed = [await signedBy(older, publicKey), await signedBy(newer, publicKey)];
  if (signed.includes(false)) throw new Wrong("signed");
  const lines = between.trimEnd().split("\n"), gap = lines.indexOf(""); // of the two parts either may be empty
  const [entries, papers] = [gap < 0 ? lines : lines.slice(0, gap), gap < 0 ? [] : lines.slice(gap + 1)].map((part) => part.filter(Boolean).map((hash) => hashOf(hash)));
  const whole = await grew(older.size, newer.size, older.root, newer.root, entries);
  const kept = older.papers === 0 || await grew(older.papers, newer.papers, older.papersRoot, newer.papersRoot, papers);
  if (older.origin !== newer.origin || !whole || !kept) throw new Wrong("path");
  return { signed: signed.includes(null) ? null : true };
};

// contradicts tells whether a fork's proof holds: two checkpoints that the log signed and that cannot both be true.
export const contradicts = async (text, publicKey) => {
  let file;
  try {
    file = JSON.parse(text);
  } catch { throw new Wrong("read"); }
  if (file.fork !== "fund fork proof v1") throw new Wrong("read");
  const [older, newer] = [readCheckpoint(file.older), readCheckpoint(file.newer)];
  const signed = [await signedBy(older, publicKey), await signedBy(newer, publicKey)];
  if (signed.includes(false)) throw new Wrong("signed");
  const of = (c) => file.tree === "papers" ? [c.papers, c.papersRoot] : [c.size, c.root];
  const [[from, was], [to, is]] = [of(older), of(newer)];
  const begins = hashOf(file.begins);
  if (older.origin !== newer.origin || !was || from === 0 || same(begins, was) || !(await grew(from, to, begins, is, (file.path ?? []).map((hash) => hashOf(hash))))) throw new Wrong("fork");
  if (file.leaf) await differ(file.leaf, [from, was], [to, is]);
  return { older, newer, signed: signed.includes(null) ? null : true };
};

// differ checks the entry that a fork's proof shows on both sides.
const differ = async (leaf, ...sides) => {
  for (const [i, side] of [leaf.older, leaf.newer].entries()) {
    const hash = hashOf(side.hash);
    if (side.record && !same(await leafHash(side.record), hash)) throw new Wrong("fork");
    const root = await climb(leaf.index, sides[i][0], hash, (side.path ?? []).map((hash) => hashOf(hash))).catch(() => []);
    if (!same(root, sides[i][1])) throw new Wrong("fork");
  }
  if (leaf.older.hash === leaf.newer.hash) throw new Wrong("fork");
};
