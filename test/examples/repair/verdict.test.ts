import { describe, expect, it } from "vitest";
import type { Memory } from "../../../examples/repair/agent/memory.ts";
import { isBetter, judge, lastVerification } from "../../../examples/repair/agent/verdict.ts";

const edit = { start: 0, end: 0, text: "" };
const memory: Memory = {
  base: {
    number: 2,
    digest: "",
    score: null,
    signature: null,
    spectrum: { failing: ["a", "b"], files: null },
  },
  accepted: [],
  trials: [],
  pending: {
    key: "k",
    kind: "single",
    digest: "",
    path: "a.js",
    place: "",
    what: "",
    undo: edit,
    origins: [edit],
  },
};

const said = (score: number | null, text = "FAILED a") =>
  lastVerification([{ kind: "verificationFailed", text, score }]);

describe("the verdict on a candidate", () => {
  it("counts fewer failures than the base as better", () => {
    expect([1, 2, 3, null].map((score) => isBetter(memory, said(score)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("trusts the verifier's count of the base over its own", () => {
    const counted = { ...memory, base: { ...memory.base, score: 5 } };
    expect(isBetter(counted, said(4))).toBe(true);
  });

  it("remembers what broke tests, what did not, and what was not counted", () => {
    const verdicts = [3, 2, null].map((score) => judge(memory, said(score))?.verdict);
    expect(verdicts).toEqual(["worse", "neutral", "unknown"]);
    expect(judge({ ...memory, pending: null }, said(3))).toBeNull();
  });

  it("takes failures for the same that differ in times and places only", () => {
    const at = (ms: number) =>
      said(2, `FAILED a\n  1 !== 2\n  duration_ms: ${ms}\n    at file.js:${ms}:1`)?.signature;
    expect(at(3)).toBe(at(4));
    expect(at(3)).not.toBe(said(2, "FAILED a\n  1 !== 3")?.signature);
  });

  it("says nothing where no verification failed", () => {
    expect(lastVerification([{ kind: "nudge", text: "" }])).toBeNull();
  });
});
