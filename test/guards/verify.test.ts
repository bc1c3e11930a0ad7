import { describe, expect, it } from "vitest";
import {
  decideFresh,
  type FreshInput,
  isFresh,
  isGoalReached,
  isProposalProved,
  isRejected,
} from "../../guards/verify.ts";

const fresh: FreshInput = {
  verdict: { result: "passed", proposal: "p", tree: "t", at: 100 },
  proposal: "p",
  tree: "t",
  now: 150,
  maxAgeMs: 50,
};

describe("decideFresh", () => {
  it("accepts a passed verdict on exactly this proposal and tree", () => {
    expect(isFresh(fresh)).toBe(true);
  });

  it.each([
    ["missing", { verdict: null }],
    ["notPassed", { verdict: { ...fresh.verdict!, result: "failed" } }],
    ["notPassed", { verdict: { ...fresh.verdict!, result: "unverifiable" } }],
    ["otherProposal", { proposal: "q" }],
    ["treeChanged", { tree: "u" }],
    ["treeChanged", { tree: null }],
    ["tooOld", { now: 151 }],
  ] as const)("refuses: %s", (reason, change) => {
    expect(decideFresh({ ...fresh, ...change } as FreshInput)).toEqual({ ok: false, reason });
  });
});

describe("what a verdict amounts to", () => {
  it("reaches the goal only on a passed goal with nothing in doubt", () => {
    expect(isGoalReached({ result: "passed", purpose: "goal", inDoubt: false })).toBe(true);
    expect(isGoalReached({ result: "passed", purpose: "goal", inDoubt: true })).toBe(false);
    expect(isGoalReached({ result: "passed", purpose: "proposal", inDoubt: false })).toBe(false);
    expect(isGoalReached({ result: "unverifiable", purpose: "goal", inDoubt: false })).toBe(false);
  });

  it("proves a proposal only as a proposal", () => {
    expect(isProposalProved({ result: "passed", purpose: "proposal", inDoubt: false })).toBe(true);
    expect(isProposalProved({ result: "passed", purpose: "goal", inDoubt: false })).toBe(false);
  });

  it("rejects on failed alone: unverifiable is not a no", () => {
    expect(isRejected({ result: "failed" })).toBe(true);
    expect(isRejected({ result: "unverifiable" })).toBe(false);
  });
});
