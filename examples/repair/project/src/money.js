// Money is a whole number of cents; floating point never holds an amount.

const pattern = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

/** Reads "12", "12.5" or "-12.50" as cents. */
export function parseMoney(text) {
  const match = pattern.exec(text.trim());
  if (!match) throw new SyntaxError(`not an amount: ${text}`);
  const [, sign, whole, fraction = ''] = match;
  const cents = Number(whole) * 100 + Number(fraction.padEnd(1, '0'));
  return sign === '-' && cents !== 0 ? -cents : cents;
}

/** Writes cents as "1,234.50". */
export function formatMoney(cents) {
  const absolute = Math.abs(cents);
  const whole = String(Math.floor(absolute / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = String(absolute % 100).padStart(2, '0');
  return `${cents < 0 ? '-' : ''}${whole}.${fraction}`;
}

/** Rounds to whole cents, halves to the even neighbour, so that many roundings do not drift. */
export function roundHalfEven(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Splits an amount by weights so that the parts add up to it; left-over cents go to the first parts. */
export function allocate(cents, weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) throw new RangeError('weights must add up to more than zero');
  const parts = weights.map((weight) => Math.floor((cents * weight) / total));
  let left = cents - parts.reduce((sum, part) => sum + part, 0);
  for (let index = 0; left > 0; index += 1) {
    parts[index] += 1;
    left -= 1;
  }
  return parts;
}
