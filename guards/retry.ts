import { z } from "zod";
import { type Decision, no, unreachable } from "./decision.ts";

/** What kind of failure it was; decides what is safe to attempt again. */
export const ErrorClass = z.enum([
  "rateLimited",
  "unavailable",
  "timeout",
  "invalidArguments",
  "unauthenticated",
  "forbidden",
  "notFound",
  "conflict",
  "verificationFailed",
  "denied",
  "cancelled",
  "internal",
]);
export type ErrorClass = z.infer<typeof ErrorClass>;

/** What went wrong, bounded, with what the other side asked for. */
export const Failure = z.strictObject({
  errorClass: ErrorClass,
  message: z.string(),
  /** Milliseconds the other side asked us to wait (Retry-After), or `null`. */
  retryAfterMs: z.number().min(0).nullable(),
});
export type Failure = z.infer<typeof Failure>;

/** Answer to "what is safe to attempt again?". Times in milliseconds. */
export const RetryRules = z.strictObject({
  /** Failures in a row before a person is asked. Failed verification under a progress metric is governed by its patience. */
  failuresInARow: z.int().min(1).max(100).default(5),
  /** Equal failures in a row (class and evidence) before a person is asked. */
  sameFailure: z.int().min(2).max(100).default(2),
  /** Exponential backoff with full jitter: a random share of `baseMs · factor^(n-1)`, at most `maxMs`. */
  backoff: z
    .strictObject({
      baseMs: z.int().min(1).default(1_000),
      factor: z.number().min(1).max(10).default(2),
      maxMs: z.int().min(1).default(60_000),
    })
    .prefault({}),
  /** The longest Retry-After that is waited for; a longer one goes to a person. */
  retryAfterMaxMs: z
    .int()
    .min(1)
    .default(15 * 60_000),
  /**
   * Where the next turn starts after a failed verification. `ratchet`: at the best tree so far after a worse step.
   * `strictRatchet`: at the best tree after every step that is not better. `keep`: where this one ended. `reset`: at
   * the base. Default `ratchet` with a progress metric, else `keep`.
   */
  workspace: z.enum(["ratchet", "strictRatchet", "keep", "reset"]).optional(),
});
export type RetryRules = z.infer<typeof RetryRules>;

/** Where a failure came from: the agent's turn, a proposal that was rejected, a read, or an effect (at the gate or beyond). */
export const FailureOrigin = z.enum(["turn", "proposal", "read", "effect"]);
export type FailureOrigin = z.infer<typeof FailureOrigin>;

export type RetryInput = {
  errorClass: ErrorClass;
  origin: FailureOrigin;
  /** This failure included. */
  failuresInARow: number;
  /** Equal failures in a row, this one included. */
  sameInARow: number;
  retryAfterMs: number | null;
  /** A progress metric exists, so its patience governs failed verification. */
  hasMetric: boolean;
  rules: RetryRules;
};

/** `correct`: tell the agent and let it propose anew. `backoff`: wait, then the same again, under the same key. */
export type RetryHow = "correct" | "backoff";
export type RetryRefusal = "missingPermission" | "sameFailure" | "retriesExhausted";

type Manner = RetryHow | "person";

/** The manner of a retry by class alone; attempts are counted elsewhere. Effects come here only when surely not applied. */
function mannerOf(errorClass: ErrorClass, origin: FailureOrigin): Manner {
  switch (errorClass) {
    case "unauthenticated":
    case "forbidden":
      return "person";
    case "rateLimited":
    case "unavailable":
    case "timeout":
    case "cancelled":
      return "backoff";
    case "internal":
      return origin === "proposal" ? "correct" : "backoff";
    case "invalidArguments":
    case "notFound":
    case "conflict":
    case "verificationFailed":
    case "denied":
      return "correct";
    default:
      return unreachable(errorClass);
  }
}

/** What may be attempted after this failure? Refuses missing permission, equal corrections in a row, and too many failures. */
export function decideRetry(input: RetryInput): Decision<RetryRefusal, RetryHow> {
  const { errorClass, rules } = input;
  const manner = mannerOf(errorClass, input.origin);
  if (manner === "person") return no("missingPermission");
  const patienceGoverns = errorClass === "verificationFailed" && input.hasMetric;
  if (patienceGoverns) return { ok: true, value: manner };
  if (manner === "correct" && input.sameInARow >= rules.sameFailure) return no("sameFailure");
  if (input.failuresInARow > rules.failuresInARow) return no("retriesExhausted");
  if ((input.retryAfterMs ?? 0) > rules.retryAfterMaxMs) return no("retriesExhausted");
  return { ok: true, value: manner };
}

/** Is this how the failure is to be retried? */
export const mayRetry = (input: RetryInput & { how: RetryHow }): boolean => {
  const decision = decideRetry(input);
  return decision.ok && decision.value === input.how;
};

/** Is a retry refused for this reason? */
export const isRetryRefused = (input: RetryInput & { reason: RetryRefusal }): boolean => {
  const decision = decideRetry(input);
  return !decision.ok && decision.reason === input.reason;
};

/**
 * Milliseconds to wait: what the other side asked for, else exponential backoff with full jitter
 * (M. Brooker, "Exponential Backoff and Jitter", AWS 2015). `random` is in [0, 1) and comes in the event.
 */
export function backoffMs(input: {
  attempt: number;
  random: number;
  retryAfterMs: number | null;
  rules: RetryRules;
}): number {
  const { baseMs, factor, maxMs } = input.rules.backoff;
  const ceiling = Math.min(maxMs, baseMs * factor ** Math.max(0, input.attempt - 1));
  return Math.max(1, Math.ceil(input.retryAfterMs ?? input.random * ceiling));
}
