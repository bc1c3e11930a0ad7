import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backoffMs,
  decideRetry,
  ErrorClass,
  FailureOrigin,
  isRetryRefused,
  mayRetry,
  type RetryInput,
  RetryRules,
} from "../../guards/retry.ts";

const rules = RetryRules.parse({});
const input = (change: Partial<RetryInput> = {}): RetryInput => ({
  errorClass: "unavailable",
  origin: "effect",
  failuresInARow: 1,
  sameInARow: 1,
  retryAfterMs: null,
  hasMetric: false,
  rules,
  ...change,
});

describe("decideRetry", () => {
  it.each([
    ["rateLimited", "backoff"],
    ["unavailable", "backoff"],
    ["timeout", "backoff"],
    ["cancelled", "backoff"],
    ["internal", "backoff"],
    ["invalidArguments", "correct"],
    ["notFound", "correct"],
    ["conflict", "correct"],
    ["verificationFailed", "correct"],
    ["denied", "correct"],
  ] as const)("answers %s with %s", (errorClass, how) => {
    expect(decideRetry(input({ errorClass }))).toEqual({ ok: true, value: how });
    expect(mayRetry({ ...input({ errorClass }), how })).toBe(true);
  });

  it.each(["unauthenticated", "forbidden"] as const)("hands %s to a person", (errorClass) => {
    for (const origin of FailureOrigin.options) {
      expect(isRetryRefused({ ...input({ errorClass, origin }), reason: "missingPermission" })).toBe(true);
    }
  });

  it("corrects an internal failure of a proposal instead of waiting", () => {
    expect(decideRetry(input({ errorClass: "internal", origin: "proposal" }))).toEqual({
      ok: true,
      value: "correct",
    });
  });

  it("refuses the same correction twice in a row", () => {
    const refused = input({ errorClass: "verificationFailed", origin: "proposal", sameInARow: 2 });
    expect(decideRetry(refused)).toEqual({ ok: false, reason: "sameFailure" });
  });

  it("lets patience govern failed verification where a metric exists", () => {
    const searching = input({
      errorClass: "verificationFailed",
      origin: "proposal",
      sameInARow: 50,
      failuresInARow: 50,
      hasMetric: true,
    });
    expect(decideRetry(searching)).toEqual({ ok: true, value: "correct" });
  });

  it("waits again for the same rate limit: waiting twice is no repeated correction", () => {
    expect(decideRetry(input({ errorClass: "rateLimited", sameInARow: 3, failuresInARow: 3 })).ok).toBe(true);
  });

  it("gives up after too many failures in a row", () => {
    expect(decideRetry(input({ failuresInARow: rules.failuresInARow })).ok).toBe(true);
    expect(decideRetry(input({ failuresInARow: rules.failuresInARow + 1 }))).toEqual({
      ok: false,
      reason: "retriesExhausted",
    });
  });

  it("does not wait for an absurd Retry-After", () => {
    expect(decideRetry(input({ retryAfterMs: rules.retryAfterMaxMs + 1 }))).toEqual({
      ok: false,
      reason: "retriesExhausted",
    });
  });

  it("decides for every class and origin, and more failures never allow more", () => {
    const cases = fc.record({
      errorClass: fc.constantFrom(...ErrorClass.options),
      origin: fc.constantFrom(...FailureOrigin.options),
      failuresInARow: fc.integer({ min: 1, max: 9 }),
      sameInARow: fc.integer({ min: 1, max: 9 }),
      hasMetric: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, (some) => {
        const less = decideRetry(input(some));
        const more = decideRetry(
          input({ ...some, failuresInARow: some.failuresInARow + 1, sameInARow: some.sameInARow + 1 }),
        );
        expect(!less.ok && more.ok).toBe(false);
      }),
    );
  });
});

describe("backoffMs", () => {
  it("honours Retry-After", () => {
    expect(backoffMs({ attempt: 1, random: 0, retryAfterMs: 7_000, rules })).toBe(7_000);
  });

  it("stays between one millisecond and the ceiling of its attempt", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const delay = backoffMs({ attempt, random, retryAfterMs: null, rules });
          expect(delay).toBeGreaterThanOrEqual(1);
          expect(delay).toBeLessThanOrEqual(
            Math.min(rules.backoff.maxMs, rules.backoff.baseMs * 2 ** (attempt - 1)),
          );
        },
      ),
    );
  });
});
