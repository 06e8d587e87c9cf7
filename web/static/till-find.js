// Finds items by name, code, barcode or the initials of their pinyin.

// Chinese characters sort by their pinyin: the first letter is told by these, the first character of each.
const first = "阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀";
const letters = "abcdefghjklmnopqrstwxyz";
const order = new Intl.Collator("zh-Hans-CN-u-co-pinyin");
const known = order.compare("八", "嚓") < 0 && order.compare("丫", "帀") < 0 && order.compare("阿", "帀") < 0;

// initials are 旧书任选 → jsrx; other signs stand for themselves.
export const initials = (text) => [...text].map((sign) => {
  if (!known || !/\p{Script=Han}/u.test(sign)) return sign.toLowerCase();
  let at = 0;
  while (at + 1 < first.length && order.compare(first[at + 1], sign) <= 0) at++;
  return letters[at];
}).join("");

// index makes items ready to be found.
export const index = (items) => items.map((item) => ({
  item,
  exact: [item.code, item.barcode].filter(Boolean).map((s) => s.toLowerCase()),
  text: [item.name_zh, item.name_en, item.code, item.barcode].filter(Boolean).join("\n").toLowerCase(),
  initials: (item.initials || initials(item.name_zh ?? "")).toLowerCase(),
}));

// find gives the items that a word fits; all of them for no word.
export const find = (indexed, word, group = "") => {
  const asked = word.trim().toLowerCase();
  return indexed.filter((i) => (!group || i.item.group === group) && (!asked || i.text.includes(asked) || i.initials.includes(asked))).map((i) => i.item);
};

// scanned is the one item of a code or barcode.
export const scanned = (indexed, code) => indexed.find((i) => i.exact.includes(code.trim().toLowerCase()))?.item;
