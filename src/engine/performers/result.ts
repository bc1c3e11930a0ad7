import { canonicalJson, digestOf } from "../../base/digest.ts";
import { resultBytesMax } from "../../base/limits.ts";
import { bounded } from "../../base/text.ts";
import type { Json } from "../../ports/json.ts";

const fromEntry = ([key, value]: [string, unknown]): [string, Json] => [
  key.toWellFormed(),
  wellFormed(value),
];

/** A value of JSON in which every text is whole characters, as its canonical form needs: halves become U+FFFD. */
export function wellFormed(value: unknown): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(fromEntry));
}

/** What of a value survives JSON; `null` where nothing does. */
function jsonOf(value: unknown): Json {
  try {
    return wellFormed(JSON.parse(JSON.stringify(value) ?? "null"));
  } catch {
    return null;
  }
}

/**
 * What a tool answered, for journal and agent: as JSON, and where that is too large as text, its head and tail. The digest
 * is over the whole, so equal results are known as equal.
 */
export function resultOf(answer: unknown): { result: Json; resultDigest: string } {
  const whole = jsonOf(answer);
  const text = canonicalJson(whole);
  const result = Buffer.byteLength(text) <= resultBytesMax ? whole : bounded(text, resultBytesMax / 4);
  return { result, resultDigest: digestOf(whole) };
}
