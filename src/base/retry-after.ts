/** The longest delay that a Retry-After is taken to mean: beyond it the other side is talking nonsense. */
const longestMs = 365 * 24 * 60 * 60_000;

/**
 * Milliseconds that a Retry-After header asks to wait, in either of its forms: whole seconds, or an HTTP date (RFC 9110
 * §10.2.3). `now` is in milliseconds since the epoch. `null` for what is neither, negative, or longer than a year; a
 * date that has passed is 0.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | null {
  const text = value?.trim() ?? "";
  const delay = /^\d+$/.test(text) ? Number(text) * 1_000 : dateDelay(text, now);
  return delay === null || delay > longestMs ? null : delay;
}

/** All three forms of an HTTP date begin with a day's name; `Date.parse` alone would take a bare number for a year. */
function dateDelay(text: string, now: number): number | null {
  const at = /^(mon|tue|wed|thu|fri|sat|sun)/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
