import { z } from "zod";
import type { Verifier } from "../ports/verifier.ts";
import { evidence } from "./evidence.ts";
import { Name, parseOptions } from "./options.ts";

export const HumanReviewOptions = z.strictObject({
  name: Name.default("humanReview"),
  /** What the person is asked. */
  question: z.string().trim().min(1, "must ask something"),
});
export type HumanReviewOptions = z.input<typeof HumanReviewOptions>;

/**
 * Leaves the verdict to a person: always unverifiable, so that the run is parked and somebody looks. It never passes by
 * itself.
 */
export function humanReview(options: HumanReviewOptions): Verifier<"human"> {
  const { name, question } = parseOptions("humanReview", HumanReviewOptions, options);
  const waiting = evidence(
    {
      verifier: name,
      verdict: "unverifiable",
      summary: `waits for a person: ${question}`,
      because: question,
      durationMs: 0,
    },
    { output: question },
  );
  return { kind: "human", name, containment: "workspace", verify: async () => waiting };
}
