import { createHash } from "node:crypto";
import type { Feedback } from "loopwright";
import type { Memory, Trial } from "./memory.ts";

export type FailedVerification = { score: number | null; signature: string };

// Times, places in files and temporary directories differ between runs that fail alike.
const passing = /duration|time[^a-z]|^\s*at |location:|tmp|\b\d+(\.\d+)? ?m?s\b/i;

const signatureOf = (text: string): string =>
  createHash("sha256")
    .update(
      text
        .split("\n")
        .filter((line) => !passing.test(line))
        .join("\n"),
    )
    .digest("hex")
    .slice(0, 12);

/** What the verifiers said of the last candidate; `null` when they did not say anything. */
export function lastVerification(feedback: readonly Feedback[]): FailedVerification | null {
  const last = feedback.findLast((one) => one.kind === "verificationFailed");
  return last === undefined ? null : { score: last.score, signature: signatureOf(last.text) };
}

/** Whether the candidate made the tree better than its base: fewer failing tests, as the verifier counts them. */
export function isBetter({ base }: Memory, said: FailedVerification | null): boolean {
  const before = base.score ?? base.spectrum.failing.length;
  return said !== null && said.score !== null && said.score < before;
}

/** What is remembered of a candidate that was not kept. */
export function judge({ base, pending }: Memory, said: FailedVerification | null): Trial | null {
  if (pending === null) return null;
  const before = base.score ?? base.spectrum.failing.length;
  const known = said !== null && said.score !== null;
  const verdict = !known ? "unknown" : said.score! > before ? "worse" : "neutral";
  return {
    key: pending.key,
    kind: pending.kind,
    base: base.number,
    verdict,
    signature: said?.signature ?? null,
  };
}
