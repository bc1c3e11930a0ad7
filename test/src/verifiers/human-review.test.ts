import { describe, expect, it } from "vitest";
import type { VerifyContext } from "../../../src/ports/verifier.ts";
import { combineEvidence } from "../../../src/verifiers/combine.ts";
import { EvidenceShape } from "../../../src/verifiers/evidence.ts";
import { humanReview } from "../../../src/verifiers/human-review.ts";
import { requestOf } from "../../helpers/verifying.ts";

describe("humanReview", () => {
  it("waits for a person and never passes by itself", async () => {
    const verifier = humanReview({ question: "Is the wording kind?" });
    const evidence = await verifier.verify(requestOf("t", "b"), {} as VerifyContext);
    expect(EvidenceShape.safeParse(evidence).success).toBe(true);
    expect(evidence).toMatchObject({
      verdict: "unverifiable",
      summary: "waits for a person: Is the wording kind?",
    });
    expect(combineEvidence([{ ...evidence, kind: verifier.kind }]).verdict).toBe("unverifiable");
  });

  it("refuses to ask nothing", () => {
    expect(() => humanReview({ question: " " })).toThrow("humanReview.question");
  });
});
