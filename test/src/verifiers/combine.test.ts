import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageCharsMax } from "../../../src/base/limits.ts";
import { combineEvidence, type Judged } from "../../../src/verifiers/combine.ts";

const judged = (more: Partial<Judged>): Judged => ({
  kind: "check",
  verifier: "v",
  verdict: "passed",
  summary: "fine",
  fingerprint: "f",
  durationMs: 1,
  ...more,
});
const check = judged({});
const failed = judged({
  verifier: "tests",
  verdict: "failed",
  summary: "2 failed",
  fingerprint: "g",
  output: "FAILED a",
});
const unverifiable = judged({ verdict: "unverifiable" });
const advice = judged({ kind: "opinion", verifier: "model", verdict: "failed", output: "I would not" });

const anyJudged = fc.record({
  kind: fc.constantFrom("check" as const, "human" as const, "opinion" as const),
  verifier: fc.constantFrom("a", "b", "c"),
  verdict: fc.constantFrom("passed" as const, "failed" as const, "unverifiable" as const),
  summary: fc.string(),
  fingerprint: fc.string({ minLength: 1 }),
  durationMs: fc.nat(),
  output: fc.string({ maxLength: 10_000 }),
});

describe("combineEvidence", () => {
  it.each<[string, Judged[], string]>([
    ["nothing", [], "unverifiable"],
    ["an opinion alone", [judged({ kind: "opinion" })], "unverifiable"],
    ["a passed check", [check], "passed"],
    ["a passed person", [judged({ kind: "human" })], "passed"],
    ["a passed check against an opinion", [check, advice], "passed"],
    ["a failed check beside a passed one", [check, failed], "failed"],
    ["a failed check beside an unverifiable one", [unverifiable, failed], "failed"],
    ["an unverifiable check beside a passed one", [check, unverifiable], "unverifiable"],
    ["a failed check with an opinion in favour", [failed, judged({ kind: "opinion" })], "failed"],
  ])("judges %s", (_what, evidence, verdict) => {
    expect(combineEvidence(evidence).verdict).toBe(verdict);
  });

  it("tells the agent what failed and what was advised, and the person one line", () => {
    const combined = combineEvidence([judged({ summary: "passed well" }), failed, advice]);
    expect(combined.summary).toBe("tests: 2 failed");
    expect(combined.text).toContain("FAILED a");
    expect(combined.text).toContain("I would not");
    expect(combined.text).not.toContain("passed well");
  });

  it("leaves to long explanations what short ones do not need", () => {
    const long = judged({ verdict: "failed", output: "x".repeat(10_000) });
    expect(combineEvidence([failed, long]).text.length).toBeGreaterThan(messageCharsMax * 0.9);
    const many = Array.from({ length: 200 }, () => long);
    expect(combineEvidence(many).text.length).toBeLessThanOrEqual(messageCharsMax);
  });

  it("adds up numbers of one name, and gives none when one verifier could not tell", () => {
    const unit = judged({ metrics: { failing: 2, total: 5 } });
    const whole = judged({ metrics: { failing: 1 } });
    expect(combineEvidence([unit, whole]).metrics).toEqual({ failing: 3, total: 5 });
    expect(combineEvidence([unit, whole, unverifiable]).metrics).toEqual({});
  });

  it("never counts an opinion, and never passes without a check or a person", () => {
    fc.assert(
      fc.property(fc.array(anyJudged, { maxLength: 6 }), (evidence) => {
        const all = combineEvidence(evidence);
        const counted = combineEvidence(evidence.filter(({ kind }) => kind !== "opinion"));
        expect([all.verdict, all.fingerprint, all.metrics]).toEqual([
          counted.verdict,
          counted.fingerprint,
          counted.metrics,
        ]);
        if (all.verdict === "passed") expect(evidence.some(({ kind }) => kind !== "opinion")).toBe(true);
      }),
    );
  });

  it("does not depend on the order, stays bounded, and never gets better by another failure", () => {
    fc.assert(
      fc.property(fc.array(anyJudged, { maxLength: 6 }), (evidence) => {
        const all = combineEvidence(evidence);
        const turned = combineEvidence([...evidence].reverse());
        expect([turned.verdict, turned.fingerprint]).toEqual([all.verdict, all.fingerprint]);
        expect(all.text.length).toBeLessThanOrEqual(messageCharsMax);
        expect(all.summary).not.toContain("\n");
        expect(combineEvidence([...evidence, failed]).verdict).toBe("failed");
      }),
    );
  });
});
