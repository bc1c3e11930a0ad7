const steps = [
  { ms: 86_400_000, unit: "d" },
  { ms: 3_600_000, unit: "h" },
  { ms: 60_000, unit: "min" },
] as const;

/** Milliseconds as a person says them, two units at most: `850 ms`, `1.2 s`, `3 min 5 s`, `1 d`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  const large = steps.find((step) => Math.round(ms / 1_000) * 1_000 >= step.ms);
  if (large === undefined) return `${Math.round(ms / 1_000)} s`;
  const small = steps[steps.indexOf(large) + 1] ?? { ms: 1_000, unit: "s" };
  const units = Math.round(ms / small.ms);
  const perLarge = large.ms / small.ms;
  const rest = units % perLarge;
  return `${Math.floor(units / perLarge)} ${large.unit}${rest === 0 ? "" : ` ${rest} ${small.unit}`}`;
}

/** Whole seconds that have passed, for a clock that ticks. */
export const elapsed = (ms: number): string => duration(Math.floor(Math.max(0, ms) / 1_000) * 1_000 || 0).replace(/^0 ms$/, "0 s");

/** Millionths of a dollar as dollars, with as many digits as it needs: `$2`, `$0.35`, `$0.000012`. */
export function money(microUsd: number): string {
  const dollars = microUsd / 1_000_000;
  const digits = Number.isInteger(dollars) ? 0 : Number.isInteger(microUsd / 10_000) ? 2 : 6;
  return `$${grouped(dollars.toFixed(digits))}`;
}

const grouped = (number: string): string => number.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");

/** A count with its thousands apart. */
export const count = (number: number): string => grouped(String(number));

/** `1 step`, `2 steps`. */
export const plural = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

const pad = (number: number): string => String(number).padStart(2, "0");

/** Time of day, local: `14:03:09`. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Day and time, local: `2026-03-01 14:03:09`. */
export function dayAndTime(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${timeOfDay(at)}`;
}
