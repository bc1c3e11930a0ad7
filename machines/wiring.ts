import type { FailureRecord, LoopState } from "../actions/state.ts";
import type { LimitName } from "../guards/continue.ts";
import type { EscalationReason } from "../guards/escalate.ts";
import type { ErrorClass, Failure, FailureOrigin } from "../guards/retry.ts";
import { type Args, actionOf, keyOf, type Parameters, timeOf, turnOf } from "./parameters.ts";
import type { LoopRules } from "./rules.ts";

/** Pieces of wiring that several states share: transitions and action objects, no decisions. */

type Detail = string | ((args: Args) => string | null) | null;
const detailOf = (detail: Detail, args: Args): string | null =>
  typeof detail === "function" ? detail(args) : detail;

/** The reply that a done event carries. */
export const replyOf = <Reply>({ event }: Args): Reply => (event as unknown as { output: Reply }).output;

export const now = (args: Args) => ({ now: timeOf(args) });
export const clearTimer = { type: "clearTimer" as const, params: now };
export const closeCall = { type: "closeCall" as const, params: now };
/** A call that ended without saying what it used: the reservation is charged in full. */
export const forfeit = { type: "settleUsage" as const, params: { usage: null } };

/** Parks the run for a person. */
export const escalateFor = (reason: EscalationReason, detail: Detail = null) => ({
  type: "escalate" as const,
  params: (args: Args) => ({ reason, detail: detailOf(detail, args), now: timeOf(args) }),
});

export const finishFor = (
  reason: "goal" | "answered" | "refused" | "limit" | "aborted" | "parkTimeout",
  detail: Detail = null,
) => ({
  type: "finish" as const,
  params: (args: Args) => ({ reason, detail: detailOf(detail, args), now: timeOf(args) }),
});

export const spendOne = (name: Exclude<LimitName, "deadlineMs">) => ({
  type: "spend" as const,
  params: { name },
});

/** A failure that another side reported. */
export const failureFrom = (
  reply: { failure: Failure; fingerprint: string },
  origin: FailureOrigin,
): FailureRecord => ({ origin, ...reply.failure, fingerprint: reply.fingerprint, score: null });

/** A failure that the chart itself states: a time-out, a refusal, a crash. */
export const failureOf = (origin: FailureOrigin, errorClass: ErrorClass, message: string): FailureRecord => ({
  origin,
  errorClass,
  message,
  retryAfterMs: null,
  fingerprint: message,
  score: null,
});

export const recordFailure = (failure: (args: Args) => FailureRecord) => ({
  type: "recordFailure" as const,
  params: (args: Args) => ({ failure: failure(args) }),
});

/** How a dispatch or a read ended. */
export const outcomeIs = (wanted: "applied" | "notApplied" | "observed") => ({
  type: "outcomeIs" as const,
  params: (args: Args) => ({ actual: replyOf<{ outcome: string }>(args).outcome, wanted }),
});

/** What the calls about the present action have in common. */
export const actionInput = ({ context }: { context: LoopState }) => ({
  callId: context.call!.id,
  key: keyOf({ context }),
  step: context.spent.steps,
  index: context.cursor,
  action: actionOf({ context }),
});

/** The same for an action that was dispatched, with the tree that was verified with it. */
export const attemptInput = ({ context }: { context: LoopState }) => ({
  ...actionInput({ context }),
  attempt: context.effect?.attempts ?? 0,
  tree: context.verdict?.tree ?? turnOf({ context }).tree,
});

/** Shared wiring that needs the contract's rules. */
export function wiringOf(rules: LoopRules, parameters: Parameters) {
  return {
    /** A call starts; its time-out is the ceiling or what is left of the run's time, whichever is less. */
    openCall: (ceilingMs: number | ((args: Args) => number)) => ({
      type: "openCall" as const,
      params: (args: Args) => ({
        now: timeOf(args),
        timeoutMs: parameters.left(args, typeof ceilingMs === "number" ? ceilingMs : ceilingMs(args)),
      }),
    }),
    /** A call about what was dispatched: the end of the run's time waits until that is settled. */
    openUncut: (timeoutMs: (args: Args) => number) => ({
      type: "openCall" as const,
      params: (args: Args) => ({ now: timeOf(args), timeoutMs: timeoutMs(args) }),
    }),
    /** Not the call was too slow: the run's own time is up. */
    outOfTime: {
      guard: { type: "isOutOfTime" as const, params: parameters.time },
      target: "#limited",
      actions: [closeCall, forfeit],
    },
    /** The repetition detector takes note of what an action was answered, or how it failed. */
    learnResult: {
      type: "observeResult" as const,
      params: (args: Args) => ({
        result: replyOf<{ resultDigest: string }>(args).resultDigest,
        answered: true,
        rules: rules.repetition,
      }),
    },
    learnFailure: {
      type: "observeResult" as const,
      params: (args: Args) => ({
        result: replyOf<{ fingerprint: string }>(args).fingerprint,
        answered: false,
        rules: rules.repetition,
      }),
    },
    /** A verification starts: the worst case of its opinions is held back until their usage is known. */
    openVerification: [
      { type: "reserve" as const, params: { worst: rules.opinions.maxPerVerification } },
      {
        type: "openCall" as const,
        params: (args: Args) => ({
          now: timeOf(args),
          timeoutMs: parameters.left(args, rules.verify.timeoutMs),
        }),
      },
    ] as const,
    /** After a crash the state starts over; too many crashes go to a person. */
    startOver: (target: string) => [
      {
        guard: { type: "isWithin" as const, params: parameters.within("recoveries") },
        target,
        reenter: true,
        actions: [closeCall, forfeit, spendOne("recoveries")],
      },
      { target: "#escalated", actions: [closeCall, forfeit, escalateFor("crashLoop")] },
    ],
    /** A used-up limit ends the run or parks it, as the contract says. */
    atLimit: (detail: Detail) => [
      {
        guard: { type: "ruleIs" as const, params: { actual: rules.escalate.onLimit, wanted: "stop" } },
        target: "#stopped",
        actions: finishFor("limit", detail),
      },
      { target: "#escalated", actions: escalateFor("limit", detail) },
    ],
  };
}
export type Wiring = ReturnType<typeof wiringOf>;
