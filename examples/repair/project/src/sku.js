// Article numbers: letters for the family, digits, a hyphen and a check digit, like "TEA0042-7".

const shape = /^([A-Z]{2,4})(\d{4})-(\d)$/;

/** The check digit: digits weighted 3 and 1 from the right, like a barcode; letters count from A = 1. */
export function checkDigit(body) {
  let sum = 0;
  let weight = 3;
  for (let at = body.length - 1; at >= 0; at -= 1) {
    const code = body.charCodeAt(at);
    const value = code >= 65 ? code - 64 : code - 48;
    sum += value * weight;
    weight = weight === 3 ? 1 : 3;
  }
  return (10 - (sum % 10)) % 10;
}

/** Reads an article number, or returns null when its shape or check digit is wrong. */
export function parseSku(text) {
  const match = shape.exec(text);
  if (!match) return null;
  const [, family, number, check] = match;
  if (checkDigit(family + number) !== Number(check)) return null;
  return { family, number: Number(number) };
}

export function formatSku(family, number) {
  const body = family + String(number).padStart(4, '0');
  return `${body}-${checkDigit(body)}`;
}
