const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A long time in two units, rounded to the smaller one. */
const units = [
  { large: day, name: "d", small: hour, rest: "h" },
  { large: hour, name: "h", small: minute, rest: "min" },
  { large: minute, name: "min", small: second, rest: "s" },
];

/** Milliseconds as a person says them, two units at most: `850 ms`, `1.2 s`, `3 min 5 s`, `1 d`. */
export function duration(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${Number((ms / second).toFixed(1))} s`;
  for (const { large, name, small, rest } of units) {
    const rounded = Math.round(ms / small) * small;
    const left = (rounded % large) / small;
    if (rounded >= large)
      return `${Math.floor(rounded / large)} ${name}${left === 0 ? "" : ` ${left} ${rest}`}`;
  }
  return `${Math.round(ms / second)} s`;
}
