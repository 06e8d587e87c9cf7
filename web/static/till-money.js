// Money in whole fen, so that nothing is ever rounded.

// parse reads what a person or the server wrote, 12 or 12.5 or 12.50, as fen; undefined is anything else.
export const parse = (text) => {
  const found = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(String(text).trim().replace(/^[¥￥]/, ""));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : undefined;
};

// plain is the form for the server: 12.50.
export const plain = (fen) => `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

// yuan is the form for people: ¥1,234.50.
export const yuan = (fen) => `¥${plain(fen).replace(/\B(?=(\d{3})+\.)/g, ",")}`;
