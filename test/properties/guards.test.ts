import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { approvingGrants, type Grant, isApproved } from "../../guards/approval.ts";
import { type Budget, decideContinue, LimitName, remainingOf } from "../../guards/continue.ts";
import { decideGate, type GateFacts, type GateInput } from "../../guards/effect.ts";
import { PolicyAnswer } from "../../guards/policy.ts";
import { decideRetry, ErrorClass, FailureOrigin, RetryRules } from "../../guards/retry.ts";
import { EffectKind, RepeatSafety, ToolRules } from "../../guards/tool.ts";
import { isFresh } from "../../guards/verify.ts";
import { LoopRules } from "../../machines/rules.ts";
import { runsOf } from "../helpers/runs.ts";

// Guards decide on any parameters, and more of what speaks for going on never decides against it.

const count = fc.nat({ max: 6 });
const time = fc.nat({ max: 10 });
const runs = { numRuns: runsOf(2_000) };

const limits = LoopRules.parse({}).limits;
const budget: fc.Arbitrary<Budget> = fc.record({
  limits: fc
    .record({ steps: count, activeMs: count, deadlineMs: count, tokens: count, costMicroUsd: count })
    .map((some) => ({ ...limits, ...some })),
  raised: fc.record({ steps: count, tokens: count }, { requiredKeys: [] }),
  spent: fc.record({
    steps: count,
    activeMs: count,
    tokens: count,
    costMicroUsd: count,
    effects: count,
    questions: count,
    recoveries: count,
    reverifications: count,
  }),
  startedAt: time,
  now: time.map((more) => 10 + more),
});
const usage = fc.record({ tokens: count, costMicroUsd: count });

const grant: fc.Arbitrary<Grant> = fc.record({
  id: fc.constantFrom("1", "2", "3"),
  effectKey: fc.constantFrom("key", "key", "other"),
  actionDigest: fc.constantFrom("digest", "digest", "other"),
  approver: fc.constantFrom("ann", "bob", "mallory"),
  issuedAt: time,
  expiresAt: time,
  usedBy: fc.constantFrom(null, null, "key", "other"),
  revoked: fc.boolean(),
});
const approvals = fc.record({
  quorum: fc.integer({ min: 1, max: 3 }),
  timeoutMs: fc.constant(1),
  approvers: fc.subarray(["ann", "bob", "carol"]),
});

const facts: fc.Arbitrary<GateFacts> = fc.record({
  tree: fc.constantFrom(null, "T", "U"),
  inputValid: fc.boolean(),
  inScope: fc.boolean(),
  permitted: fc.boolean(),
  policy: fc.constantFrom(...PolicyAnswer.options),
  grants: fc.array(grant, { maxLength: 3 }),
  appliedBefore: fc.constantFrom(null, "other"),
  duplicateOf: fc.constantFrom(null, "other"),
  usedBefore: fc.boolean(),
  halted: fc.boolean(),
});
const tool = fc.record({
  effect: fc.constantFrom(...EffectKind.options),
  sensitivity: fc.constantFrom<ToolRules["sensitivity"]>([], ["money"]),
  repeat: fc.constantFrom(...RepeatSafety.options),
});
const gated: fc.Arbitrary<GateInput> = fc.record({
  facts,
  halted: fc.boolean(),
  tool: tool.map((some) => ToolRules.parse(some)),
  effectKey: fc.constant("key"),
  actionDigest: fc.constant("digest"),
  verdict: fc.option(
    fc.record({
      result: fc.constantFrom("passed", "passed", "failed", "unverifiable"),
      proposal: fc.constantFrom("P", "P", "Q"),
      tree: fc.constantFrom(null, "T"),
      at: time,
    }),
  ),
  proposal: fc.constant("P"),
  now: time,
  maxAgeMs: time,
  approvals,
  withinLimits: fc.boolean(),
});

/** Each makes a gate's input better for going on, one thing at a time. */
const betterments: Record<string, (input: GateInput) => GateInput> = {
  "a halt is lifted": (input) => ({ ...input, halted: false, facts: { ...input.facts, halted: false } }),
  "a limit is raised": (input) => ({ ...input, withinLimits: true }),
  "the arguments fit": (input) => ({ ...input, facts: { ...input.facts, inputValid: true } }),
  "it is in scope": (input) => ({ ...input, facts: { ...input.facts, inScope: true } }),
  "it is permitted": (input) => ({ ...input, facts: { ...input.facts, permitted: true } }),
  "the policy allows it": (input) => ({ ...input, facts: { ...input.facts, policy: "allow" } }),
  "nothing else holds its key": (input) => ({ ...input, facts: { ...input.facts, duplicateOf: null } }),
  "its tool was never used": (input) => ({ ...input, facts: { ...input.facts, usedBefore: false } }),
  "it was never applied": (input) => ({ ...input, facts: { ...input.facts, appliedBefore: null } }),
  "verdicts stay fresh for longer": (input) => ({ ...input, maxAgeMs: input.maxAgeMs + 5 }),
  "one approval less is needed": ({ approvals: { quorum, ...rest }, ...input }) => ({
    ...input,
    approvals: { ...rest, quorum: Math.max(1, quorum - 1) },
  }),
};

describe("guards", () => {
  it("let a turn start on more budget wherever they do on less", () => {
    fc.assert(
      fc.property(
        budget,
        fc.option(usage),
        fc.constantFrom(0 as const, 1 as const),
        fc.constantFrom(...LimitName.options),
        (some, worst, steps, name) => {
          const input = { ...some, worst, steps };
          const more = { ...input, raised: { ...input.raised, [name]: (input.raised[name] ?? 0) + 1 } };
          if (decideContinue(input).ok) expect(decideContinue(more).ok).toBe(true);
          expect(remainingOf(name, more)).toBeGreaterThanOrEqual(remainingOf(name, input));
        },
      ),
      runs,
    );
  });

  it("never let a turn start that could pass a limit", () => {
    fc.assert(
      fc.property(budget, usage, (some, worst) => {
        if (!decideContinue({ ...some, worst, steps: 1 }).ok) return;
        for (const name of ["tokens", "costMicroUsd"] as const) {
          const limit = some.limits[name] + (some.raised[name] ?? 0);
          expect(some.spent[name] + worst[name] <= limit || worst[name] === 0).toBe(true);
        }
        expect(some.spent.steps + 1).toBeLessThanOrEqual(some.limits.steps + (some.raised.steps ?? 0));
      }),
      runs,
    );
  });

  it.each(Object.entries(betterments))("let an action run wherever they did before %s", (_, better) => {
    fc.assert(
      fc.property(gated, (input) => {
        if (decideGate(input).ok) expect(decideGate(better(input)).ok).toBe(true);
      }),
      runs,
    );
  });

  it("let an action run with one more grant wherever they did without, as long as it was not applied before", () => {
    fc.assert(
      fc.property(gated, grant, (input, one) => {
        const { facts: before } = input;
        if (!decideGate(input).ok) return;
        const more = { ...input, facts: { ...before, grants: [...before.grants, one] } };
        expect(decideGate(more).ok).toBe(true);
      }),
      runs,
    );
  });

  it("count each approver once, and only those who may", () => {
    fc.assert(
      fc.property(
        fc.array(grant, { maxLength: 4 }),
        approvals,
        time,
        fc.boolean(),
        (grants, rules, now, destructive) => {
          const input = { grants, effectKey: "key", actionDigest: "digest", destructive, now, rules };
          const agreed = approvingGrants(input).map(({ approver }) => approver);
          expect(new Set(agreed).size).toBe(agreed.length);
          expect(agreed.every((name) => rules.approvers.includes(name))).toBe(true);
          expect(isApproved(input)).toBe(agreed.length === rules.quorum);
        },
      ),
      runs,
    );
  });

  it("decide on a retry whatever the failure, and never more freely after more failures", () => {
    const retry = fc.record({
      errorClass: fc.constantFrom(...ErrorClass.options),
      origin: fc.constantFrom(...FailureOrigin.options),
      failuresInARow: count,
      sameInARow: count,
      retryAfterMs: fc.option(fc.nat({ max: 2_000_000 })),
      hasMetric: fc.boolean(),
      rules: fc
        .record({
          failuresInARow: fc.integer({ min: 1, max: 5 }),
          sameFailure: fc.integer({ min: 2, max: 5 }),
        })
        .map((some) => RetryRules.parse(some)),
    });
    fc.assert(
      fc.property(retry, (input) => {
        const fewer = { ...input, failuresInARow: 0, sameInARow: 0 };
        if (decideRetry(input).ok) expect(decideRetry(fewer)).toEqual(decideRetry(input));
        if (["unauthenticated", "forbidden"].includes(input.errorClass))
          expect(decideRetry(input).ok).toBe(false);
      }),
      runs,
    );
  });

  it("call a verdict fresh only for as long as it was", () => {
    fc.assert(
      fc.property(gated, time, (input, later) => {
        const {
          verdict,
          proposal,
          maxAgeMs,
          now,
          facts: { tree },
        } = input;
        const at = (moment: number) => isFresh({ verdict, proposal, tree, maxAgeMs, now: moment });
        if (at(now + later)) expect(at(now)).toBe(true);
      }),
      runs,
    );
  });
});
