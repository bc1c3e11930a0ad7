import { describe, expect, it } from "vitest";
import { LoopRules } from "../../../machines/rules.ts";
import { abstractRules, plenty } from "../../../src/check/bounds.ts";

const rules = LoopRules.parse({
  tools: { put: { effect: "write", repeat: "reconcile" } },
  agent: { maxPerTurn: { tokens: 500, costMicroUsd: 0 } },
  limits: { steps: 3 },
  progress: { metric: { name: "failing" }, patience: 7 },
  escalate: { onLimit: "escalate" },
  approvals: { approvers: ["ann"], quorum: 1 },
});

describe("the rules of a search", () => {
  const abstract = abstractRules(rules);

  it("put every number out of reach", () => {
    const { actionsPerTurn, ...limits } = abstract.limits;
    expect(new Set(Object.values(limits))).toEqual(new Set([plenty]));
    expect(actionsPerTurn).toBeGreaterThan(1);
    expect([abstract.retry.failuresInARow, abstract.retry.sameFailure, abstract.progress.patience]).toEqual(
      Array(3).fill(plenty),
    );
  });

  it("keep whether a turn costs anything, and all that is decided by kind", () => {
    expect(abstract.agent.maxPerTurn).toEqual({ tokens: 2, costMicroUsd: 0 });
    expect(abstractRules(LoopRules.parse({})).agent.maxPerTurn).toBeNull();
    const { tools, escalate, approvals, verify } = abstract;
    expect({ tools, escalate, approvals, verify }).toEqual({
      tools: rules.tools,
      escalate: rules.escalate,
      approvals: rules.approvals,
      verify: rules.verify,
    });
    expect(abstract.progress.metric).toEqual(rules.progress.metric);
  });
});
