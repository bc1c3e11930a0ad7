// Tokens of the little rule language: words, numbers, 'text', comparison signs and brackets.

const isDigit = (char) => char >= '0' && char <= '9';
const isLetter = (char) => (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_';
const keywords = new Set(['and', 'or', 'not']);

const endOf = (text, from, accept) => {
  let at = from;
  while (at < text.length && accept(text[at])) at += 1;
  return at;
};

const readText = (text, from) => {
  const end = text.indexOf("'", from + 1);
  if (end < 0) throw new SyntaxError(`text without end at ${from}`);
  return { type: 'text', value: text.slice(from + 1, end), end: end + 1 };
};

const readNumber = (text, from) => {
  let end = endOf(text, from, isDigit);
  if (text[end] === '.' && isDigit(text[end + 1] ?? '')) end = endOf(text, end + 1, isDigit);
  return { type: 'number', value: Number(text.slice(from, end)), end };
};

const readWord = (text, from) => {
  const end = endOf(text, from, (char) => isLetter(char) || isDigit(char));
  const value = text.slice(from, end);
  return { type: keywords.has(value) ? 'keyword' : 'name', value, end };
};

const readSign = (text, from) => {
  const sign = ['<=', '>=', '!=', '<', '>', '=', '(', ')'].find((candidate) => text.startsWith(candidate, from));
  if (!sign) throw new SyntaxError(`unexpected ${text[from]} at ${from}`);
  return { type: 'sign', value: sign, end: from + sign.length };
};

const readToken = (text, from) => {
  const char = text[from];
  if (char === "'") return readText(text, from);
  if (isDigit(char)) return readNumber(text, from);
  return isLetter(char) ? readWord(text, from) : readSign(text, from);
};

/** Cuts a rule into tokens of `{ type, value }`. */
export function tokenize(text) {
  const tokens = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ') {
      at += 1;
      continue;
    }
    const { type, value, end } = readToken(text, at);
    tokens.push({ type, value });
    at = end;
  }
  return tokens;
}
