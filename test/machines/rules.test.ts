import { expect, it } from "vitest";
import { LoopRules } from "../../machines/rules.ts";

const defaults = LoopRules.parse({});

it("gives every limit a finite default", () => {
  expect(Object.values(defaults.limits).filter((limit) => !Number.isFinite(limit) || limit < 1)).toEqual([]);
});

it("refuses a limit that is none", () => {
  for (const steps of [0, -1, 1.5, Number.POSITIVE_INFINITY, Number.NaN, "many"]) {
    expect(LoopRules.safeParse({ limits: { steps } }).success).toBe(false);
  }
});

it("assumes the worst of a tool that declares nothing", () => {
  expect(LoopRules.parse({ tools: { t: {} } }).tools.t).toMatchObject({
    effect: "destructive",
    repeat: "never",
  });
});

it("lets nobody approve by default, and stops at a limit", () => {
  expect(defaults.approvals.approvers).toEqual([]);
  expect(defaults.escalate.onLimit).toBe("stop");
});
