import type { Change } from "./play-loop.ts";

/** What was done to the project to break it, the other way round: only the tests know it. */
export const solution: readonly Change[] = [
  { file: "src/discount.js", from: "quantity > tier.from", to: "quantity >= tier.from" },
  { file: "src/tax.js", from: "(100 - rate)", to: "(100 + rate)" },
  { file: "src/money.js", from: "padEnd(1, '0')", to: "padEnd(2, '0')" },
  { file: "src/rule.js", from: "=> inner(facts)", to: "=> !inner(facts)" },
  { file: "src/intervals.js", from: "Math.max(at, start)", to: "Math.max(at, end)" },
  { file: "src/csv.js", from: `replaceAll('""', '"')`, to: `replaceAll('"', '""')` },
  {
    file: "src/inventory.js",
    from: "  const release = (sku, quantity) => {\n",
    to: "  const release = (sku, quantity) => {\n    if (quantity <= 0) throw new RangeError('quantity must be positive');\n",
  },
];

/** Two edits each: neither alone makes one test more pass. */
export const cooperating: readonly (readonly [Change, Change])[] = [
  [
    { file: "src/intervals.js", from: "Math.min(a.start, b.start)", to: "Math.max(a.start, b.start)" },
    { file: "src/intervals.js", from: "Math.max(a.end, b.end)", to: "Math.min(a.end, b.end)" },
  ],
  [
    { file: "src/page.js", from: "const first = page * size", to: "const first = (page - 1) * size" },
    { file: "src/page.js", from: "first + size - 1", to: "first + size" },
  ],
];
