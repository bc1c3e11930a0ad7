import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ContinueInput,
  decideContinue,
  isAtLimit,
  isWithin,
  LimitName,
  Limits,
  limitOf,
  remainingOf,
} from "../../guards/continue.ts";

const unspent = {
  steps: 0,
  activeMs: 0,
  tokens: 0,
  costMicroUsd: 0,
  effects: 0,
  questions: 0,
  recoveries: 0,
  reverifications: 0,
};

const input = (change: Partial<ContinueInput> = {}): ContinueInput => ({
  limits: Limits.parse({}),
  raised: {},
  spent: unspent,
  startedAt: 0,
  now: 0,
  worst: { tokens: 100, costMicroUsd: 100 },
  steps: 1,
  ...change,
});

describe("Limits", () => {
  it("gives every limit a finite default", () => {
    expect(Object.values(Limits.parse({})).every((limit) => Number.isSafeInteger(limit) && limit > 0)).toBe(
      true,
    );
  });

  it.each([Number.POSITIVE_INFINITY, Number.NaN, 0, -1, 1.5])("refuses %s", (steps) => {
    expect(Limits.safeParse({ steps }).success).toBe(false);
  });
});

describe("decideContinue", () => {
  it("lets a fresh run start", () => {
    expect(decideContinue(input())).toEqual({ ok: true, value: null });
  });

  it.each([
    ["steps", { spent: { ...unspent, steps: 50 } }],
    ["deadlineMs", { now: 24 * 60 * 60_000 }],
    ["activeMs", { spent: { ...unspent, activeMs: 60 * 60_000 } }],
    ["tokens", { spent: { ...unspent, tokens: 999_901 } }],
    ["costMicroUsd", { spent: { ...unspent, costMicroUsd: 4_999_901 } }],
  ] as const)("refuses when %s is short", (reason, change) => {
    expect(decideContinue(input(change))).toEqual({ ok: false, reason });
    expect(isAtLimit(input(change))).toBe(true);
  });

  it("lets a turn start whose worst case just fits", () => {
    expect(decideContinue(input({ spent: { ...unspent, tokens: 999_900 } })).ok).toBe(true);
  });

  it("lets an agent that cannot bound a turn start while anything is left", () => {
    expect(decideContinue(input({ worst: null, spent: { ...unspent, tokens: 999_999 } })).ok).toBe(true);
    expect(decideContinue(input({ worst: null, spent: { ...unspent, tokens: 1_000_000 } })).ok).toBe(false);
  });

  it("needs no step to start a step over", () => {
    expect(decideContinue(input({ steps: 0, spent: { ...unspent, steps: 50 } })).ok).toBe(true);
  });

  it("counts what a directive raised", () => {
    expect(decideContinue(input({ spent: { ...unspent, steps: 50 }, raised: { steps: 1 } })).ok).toBe(true);
  });

  it("never stops earlier for more budget", () => {
    const limits = fc.record({
      steps: fc.integer({ min: 1, max: 9 }),
      tokens: fc.integer({ min: 1, max: 9 }),
    });
    const spent = fc.record({ steps: fc.nat(9), tokens: fc.nat(9) });
    fc.assert(
      fc.property(limits, spent, fc.nat(9), fc.nat(9), (some, used, moreSteps, moreTokens) => {
        const before = input({
          limits: Limits.parse(some),
          spent: { ...unspent, ...used },
          worst: { tokens: 2, costMicroUsd: 0 },
        });
        const after = { ...before, raised: { steps: moreSteps, tokens: moreTokens } };
        expect(decideContinue(before).ok && !decideContinue(after).ok).toBe(false);
      }),
    );
  });
});

describe("remainingOf", () => {
  it("never goes below zero", () => {
    expect(remainingOf("steps", input({ spent: { ...unspent, steps: 99 } }))).toBe(0);
  });

  it("measures the deadline from the start", () => {
    expect(
      remainingOf("deadlineMs", input({ limits: Limits.parse({ deadlineMs: 10 }), startedAt: 5, now: 8 })),
    ).toBe(7);
  });

  it.each(LimitName.options)("knows %s", (name) => {
    expect(remainingOf(name, input())).toBe(limitOf(name, Limits.parse({}), {}));
    expect(isWithin({ ...input(), name })).toBe(true);
  });
});
