import type { ErrorClass } from "../ports/tool.ts";

const status = (...codes: readonly number[]): RegExp =>
  new RegExp(`(?:status|error|http|code)[^\\n]{0,20}?\\b(?:${codes.join("|")})\\b`, "i");

/** First match wins: what never passes by waiting comes before what looks like it. */
const signs: readonly (readonly [RegExp, ErrorClass])[] = [
  [/insufficient_quota|credit balance|spend(?:ing)? limit|payment required/i, "forbidden"],
  [
    /unauthori[sz]ed|authentication_error|invalid (?:x-)?api.?key|not logged in|please (?:run )?\/?login/i,
    "unauthenticated",
  ],
  [status(401), "unauthenticated"],
  [/permission_error|\bforbidden\b/i, "forbidden"],
  [status(402, 403), "forbidden"],
  [/rate.?limit|too many requests|quota exceeded|resource_exhausted/i, "rateLimited"],
  [status(429), "rateLimited"],
  [
    /overloaded|service unavailable|bad gateway|fetch failed|socket hang up|ECONNRE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/i,
    "unavailable",
  ],
  [status(500, 502, 503, 504, 529), "unavailable"],
];

const wait = /(?:retry.?after|try again in)["':=\s]*(\d{1,9}(?:\.\d{1,3})?)\s*(ms|m(?:in)?\b)?/i;

const unitMs = (unit: string | undefined): number =>
  unit === "ms" ? 1 : unit === undefined ? 1_000 : 60_000;

/**
 * What kind of failure an agent's last words tell of, and how long they ask to wait (milliseconds). A guess from hostile
 * text, so it decides only how the turn is tried again; `internal` when they tell nothing.
 */
export function classify(text: string): { errorClass: ErrorClass; retryAfterMs?: number } {
  const errorClass = signs.find(([sign]) => sign.test(text))?.[1] ?? "internal";
  const [, amount, unit] = wait.exec(text) ?? [];
  return amount === undefined
    ? { errorClass }
    : { errorClass, retryAfterMs: Number(amount) * unitMs(unit?.toLowerCase()) };
}
