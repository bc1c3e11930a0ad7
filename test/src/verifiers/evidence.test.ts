import { describe, expect, it } from "vitest";
import { combineEvidence } from "../../../src/verifiers/combine.ts";
import { EvidenceShape, evidence, oneLine, stopwatch } from "../../../src/verifiers/evidence.ts";
import { summaryCharsMax } from "../../../src/verifiers/limits.ts";

const finding = { verifier: "v", verdict: "failed" as const, summary: "s", because: "b", durationMs: 1 };

describe("evidence", () => {
  it("has one fingerprint per verifier, verdict and cause, whatever it took and said", () => {
    const { fingerprint } = evidence(finding);
    expect(evidence({ ...finding, durationMs: 9, summary: "other" }, { output: "x" }).fingerprint).toBe(
      fingerprint,
    );
    expect(evidence({ ...finding, because: "c" }).fingerprint).not.toBe(fingerprint);
    expect(evidence({ ...finding, verifier: "w" }).fingerprint).not.toBe(fingerprint);
    expect(evidence({ ...finding, verdict: "unverifiable" }).fingerprint).not.toBe(fingerprint);
  });

  it("takes halves of characters, which have no canonical form, in what a check printed", () => {
    const half = evidence(
      { ...finding, because: { lines: ["a\ud83d"] }, summary: "\ud83d" },
      { output: "\ud83d" },
    );
    expect(half.fingerprint).not.toBe(evidence({ ...finding, because: { lines: ["a"] } }).fingerprint);
    expect(half.output!.isWellFormed() && half.summary.isWellFormed()).toBe(true);
    expect(combineEvidence([{ ...half, fingerprint: "\ud83d", kind: "check" }]).verdict).toBe("failed");
  });

  it("bounds output and leaves an empty one out", () => {
    expect(evidence(finding, { output: "x".repeat(10_000) }).output!.length).toBeLessThanOrEqual(4_000);
    expect(evidence(finding, { output: "" })).not.toHaveProperty("output");
  });

  it("is of the shape that the runtime accepts", () => {
    expect(EvidenceShape.safeParse(evidence(finding, { exitCode: null, command: ["a"] })).success).toBe(true);
  });
});

describe("oneLine", () => {
  it("makes one bounded line of anything", () => {
    const line = oneLine(`a\n\tb ${"x".repeat(1_000)}`);
    expect(line).toMatch(/^a b x/);
    expect(line).not.toContain("\n");
    expect(line.length).toBeLessThanOrEqual(summaryCharsMax);
  });
});

describe("stopwatch", () => {
  it("counts up in whole milliseconds", async () => {
    const elapsed = stopwatch();
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(elapsed()).toBeGreaterThan(5);
    expect(Number.isInteger(elapsed())).toBe(true);
  });
});
