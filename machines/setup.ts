import { fromPromise, setup } from "xstate";
import {
  acceptKnown,
  ask,
  beginStep,
  chooseStart,
  clearFailures,
  clearTimer,
  closeCall,
  closeQuestion,
  closeStep,
  countReconciliation,
  endStreak,
  escalate,
  finish,
  fromRecipe,
  keepBest,
  measureBaseline,
  moveWorkspace,
  nextAction,
  nudge,
  observeRefusal,
  observeResult,
  openCall,
  raiseLimits,
  recordAbsent,
  recordApplied,
  recordFailure,
  recordIntent,
  recordLate,
  recordNotApplied,
  recordTurn,
  recordUnknown,
  recordVerdict,
  requestAbort,
  reserve,
  resume,
  setHalted,
  setTimer,
  settle,
  settleUsage,
  spend,
  tell,
  tellFailure,
  voidRest,
  voidVerdict,
} from "../actions/index.ts";
import type { LoopState, Outcome } from "../actions/state.ts";
import { isApproved } from "../guards/approval.ts";
import { isAtLimit, isOutOfTime, isWithin } from "../guards/continue.ts";
import {
  isAbsentCertain,
  isConfirmed,
  isConfirmedButMoved,
  isRefused,
  mayAskAgain,
  mayDispatch,
  mayObserve,
} from "../guards/effect.ts";
import { mayResume, maySettle } from "../guards/escalate.ts";
import { isStuck, shouldNudgeProgress } from "../guards/progress.ts";
import { isRepeating, shouldNudgeRepetition } from "../guards/repetition.ts";
import { isRetryRefused, mayRetry } from "../guards/retry.ts";
import { isTurn } from "../guards/turn.ts";
import { isGoalReached, isProposalProved, isRejected } from "../guards/verify.ts";
import type {
  ActInput,
  AssessInput,
  ConfirmInput,
  ExecuteInput,
  ObserveInput,
  ReconcileInput,
  VerifyInput,
} from "./calls.ts";
import type {
  ActReply,
  AssessReply,
  CallName,
  ConfirmReply,
  ExecuteReply,
  LoopEvent,
  LoopInput,
  ObserveReply,
  ReconcileReply,
  VerifyReply,
} from "./events.ts";
import { hasNext, purposeOf } from "./parameters.ts";

const onParams =
  <Params>(guard: (params: Params) => boolean) =>
  (_args: unknown, params: Params): boolean =>
    guard(params);

const unprovided = <Output, Input>(name: CallName) =>
  fromPromise<Output, Input>(() =>
    Promise.reject(
      new Error(
        `no actor for "${name}": provide one, for instance with machine.provide({ actors: engine.actors() })`,
      ),
    ),
  );

/** Is a reply, or a rule, this one? */
const same = ({ actual, wanted }: { actual: string; wanted: string }): boolean => actual === wanted;

/** The vocabulary of the charts: what can be called, asked and remembered. The wiring is in the state files. */
export const chart = setup({
  types: {
    context: {} as LoopState,
    events: {} as Exclude<LoopEvent, { type: `xstate.done.actor.${string}` }>,
    input: {} as LoopInput,
    output: {} as Outcome,
  },
  actors: {
    act: unprovided<ActReply, ActInput>("act"),
    verify: unprovided<VerifyReply, VerifyInput>("verify"),
    assess: unprovided<AssessReply, AssessInput>("assess"),
    observe: unprovided<ObserveReply, ObserveInput>("observe"),
    execute: unprovided<ExecuteReply, ExecuteInput>("execute"),
    reconcile: unprovided<ReconcileReply, ReconcileInput>("reconcile"),
    confirm: unprovided<ConfirmReply, ConfirmInput>("confirm"),
  },
  guards: {
    // Facts of the machine's own memory.
    isAborted: ({ context }) => context.abortRequested,
    isHalted: ({ context }) => context.halted,
    isInDoubt: ({ context }) => context.doubt !== null,
    isApplied: ({ context }) => context.effect?.applied === true,
    isKnownApplied: ({ context }) => context.effect?.knownApplied === true,
    hasFailed: ({ context }) => context.failure !== null,
    hasNextAction: ({ context }) => hasNext({ context }),
    isGoalDue: ({ context }) => purposeOf({ context }) === "goal",
    // What a reply or a rule says.
    outcomeIs: onParams(same),
    foundIs: onParams(same),
    originIs: onParams(same),
    ruleIs: onParams(same),
    concerns: onParams(({ key, about }: { key: string | null; about: string }) => key === about),
    isMeasured: onParams(({ score }: { score: number | null }) => score !== null),
    needsBaseline: onParams(
      ({ metric, best }: { metric: boolean; best: number | null }) => metric && best === null,
    ),
    // Decisions.
    isTurn: onParams(isTurn),
    isGoalReached: onParams(isGoalReached),
    isProposalProved: onParams(isProposalProved),
    isRejected: onParams(isRejected),
    isAtLimit: onParams(isAtLimit),
    isOutOfTime: onParams(isOutOfTime),
    isWithin: onParams(isWithin),
    isRepeating: onParams(isRepeating),
    shouldNudgeRepetition: onParams(shouldNudgeRepetition),
    isStuck: onParams(isStuck),
    shouldNudgeProgress: onParams(shouldNudgeProgress),
    mayObserve: onParams(mayObserve),
    mayDispatch: onParams(mayDispatch),
    isRefused: onParams(isRefused),
    isRefusedInDoubt: ({ context }, params: Parameters<typeof isRefused>[0]) =>
      context.doubt !== null && isRefused(params),
    isApproved: onParams(isApproved),
    isAbsentCertain: onParams(isAbsentCertain),
    mayAskAgain: onParams(mayAskAgain),
    isConfirmed: onParams(isConfirmed),
    isConfirmedButMoved: onParams(isConfirmedButMoved),
    mayRetry: onParams(mayRetry),
    isRetryRefused: onParams(isRetryRefused),
    mayResume: onParams(mayResume),
    maySettle: onParams(maySettle),
  },
  actions: {
    acceptKnown: fromRecipe(acceptKnown),
    ask: fromRecipe(ask),
    beginStep: fromRecipe(beginStep),
    chooseStart: fromRecipe(chooseStart),
    clearFailures: fromRecipe(clearFailures),
    clearTimer: fromRecipe(clearTimer),
    closeCall: fromRecipe(closeCall),
    closeQuestion: fromRecipe(closeQuestion),
    closeStep: fromRecipe(closeStep),
    countReconciliation: fromRecipe(countReconciliation),
    endStreak: fromRecipe(endStreak),
    escalate: fromRecipe(escalate),
    finish: fromRecipe(finish),
    keepBest: fromRecipe(keepBest),
    measureBaseline: fromRecipe(measureBaseline),
    moveWorkspace: fromRecipe(moveWorkspace),
    nextAction: fromRecipe(nextAction),
    nudge: fromRecipe(nudge),
    observeRefusal: fromRecipe(observeRefusal),
    observeResult: fromRecipe(observeResult),
    openCall: fromRecipe(openCall),
    raiseLimits: fromRecipe(raiseLimits),
    recordAbsent: fromRecipe(recordAbsent),
    recordApplied: fromRecipe(recordApplied),
    recordFailure: fromRecipe(recordFailure),
    recordIntent: fromRecipe(recordIntent),
    recordLate: fromRecipe(recordLate),
    recordNotApplied: fromRecipe(recordNotApplied),
    recordTurn: fromRecipe(recordTurn),
    recordUnknown: fromRecipe(recordUnknown),
    recordVerdict: fromRecipe(recordVerdict),
    requestAbort: fromRecipe(requestAbort),
    reserve: fromRecipe(reserve),
    resume: fromRecipe(resume),
    setHalted: fromRecipe(setHalted),
    settle: fromRecipe(settle),
    settleUsage: fromRecipe(settleUsage),
    setTimer: fromRecipe(setTimer),
    spend: fromRecipe(spend),
    tell: fromRecipe(tell),
    tellFailure: fromRecipe(tellFailure),
    voidRest: fromRecipe(voidRest),
    voidVerdict: fromRecipe(voidVerdict),
  },
  delays: {
    /** Milliseconds until the present state's timer is due. */
    untilDue: ({ context }) => Math.max(0, (context.dueAt ?? 0) - context.setAt),
  },
});
