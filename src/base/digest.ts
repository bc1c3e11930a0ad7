import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { LoopwrightError } from "./errors.ts";

/** Canonical JSON as of RFC 8785: sorted keys, shortest numbers. Throws where the value is not JSON. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) {
    throw new LoopwrightError({
      code: "internal",
      message: "the value has no JSON form",
      fix: "use objects, arrays, strings, finite numbers, booleans and null only",
    });
  }
  return text;
}

/** SHA-256 of the bytes, 64 hex digits. */
export const digestBytes = (bytes: string | Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** SHA-256 of the canonical JSON of a value, 64 hex digits. */
export const digestOf = (value: unknown): string => digestBytes(canonicalJson(value));
