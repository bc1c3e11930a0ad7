import fc from "fast-check";
import type { ToolRules } from "../../guards/tool.ts";
import type { RulesInput } from "../helpers/driving.ts";

// Contracts at random, as far as a chart decides by them: every rule that a person can write, small enough to be reached.

const few = (max: number) => fc.integer({ min: 1, max });
const ms = fc.constantFrom(1, 1_000, 60_000, 3_600_000, 3_600_000);

const tool: fc.Arbitrary<Partial<ToolRules>> = fc.record(
  {
    effect: fc.constantFrom("read", "read", "write", "write", "write", "destructive"),
    sensitivity: fc.constantFrom<ToolRules["sensitivity"]>([], [], [], ["money"]),
    repeat: fc.constantFrom("safe", "reconcile", "reconcile", "never"),
    settlesWithinMs: fc.constantFrom(0, 90_000),
    burnsKey: fc.boolean(),
    timeoutMs: ms,
  },
  { requiredKeys: [] },
);

/** Names of the tools that contracts declare, of some of them or of all. */
export const toolNames = ["one", "two", "three"] as const;

export const contracts: fc.Arbitrary<RulesInput> = fc.record({
  tools: fc.record({ one: tool, two: tool, three: tool }, { requiredKeys: ["one"] }),
  agent: fc.record({ timeoutMs: ms, maxPerTurn: fc.constantFrom(null, { tokens: 100, costMicroUsd: 10 }) }),
  limits: fc.record(
    {
      steps: few(6),
      activeMs: fc.constantFrom(2_000_000, 36_000_000),
      deadlineMs: fc.constantFrom(9_000_000, 86_400_000),
      tokens: fc.constantFrom(300, 10_000),
      actionsPerTurn: few(4),
      effects: few(3),
      questions: few(3),
      recoveries: few(3),
      reverifications: few(3),
    },
    { requiredKeys: [] },
  ),
  repetition: fc.record(
    { actions: few(2).map((n) => n + 1), rounds: fc.constantFrom(2, 3) },
    { requiredKeys: [] },
  ),
  progress: fc.record(
    {
      metric: fc.constantFrom({ name: "failing" }, { name: "passing", direction: "higher" as const }),
      patience: few(4),
    },
    { requiredKeys: [] },
  ),
  verify: fc.record({ maxAgeMs: ms, timeoutMs: ms }, { requiredKeys: [] }),
  retry: fc.record(
    {
      failuresInARow: few(4),
      sameFailure: fc.constantFrom(2, 3),
      workspace: fc.constantFrom("ratchet", "strictRatchet", "keep", "reset"),
      retryAfterMaxMs: ms,
    },
    { requiredKeys: [] },
  ),
  escalate: fc.record(
    { onLimit: fc.constantFrom("stop", "escalate"), parkTimeoutMs: ms },
    { requiredKeys: [] },
  ),
  approvals: fc.record({
    approvers: fc.constantFrom([], ["ann"], ["ann", "bob"]),
    quorum: fc.constantFrom(1, 2),
    timeoutMs: ms,
  }),
});
