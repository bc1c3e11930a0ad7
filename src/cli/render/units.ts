import { duration } from "../../base/duration.ts";

/** Whole seconds that have passed, for a clock that ticks. */
export const elapsed = (ms: number): string =>
  duration(Math.floor(Math.max(0, ms) / 1_000) * 1_000 || 0).replace(/^0 ms$/, "0 s");

/** Millionths of a dollar as dollars, with as many digits as it needs: `$2`, `$0.35`, `$0.000012`. */
export function money(microUsd: number): string {
  const dollars = microUsd / 1_000_000;
  return `$${grouped(Number.isInteger(dollars) ? String(dollars) : dollars.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1"))}`;
}

const grouped = (number: string): string => number.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");

/** A count with its thousands apart. */
export const count = (number: number): string => grouped(String(number));

/** `1 step`, `2 steps`. */
export const plural = (number: number, noun: string): string =>
  `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

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
