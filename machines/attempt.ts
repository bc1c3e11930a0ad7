import type { ConfirmReply, ExecuteReply, ReconcileReply } from "./events.ts";
import { type Args, actionOf, keyOf, type Parameters, timeOf, toolOf } from "./parameters.ts";
import { type LoopRules, reconciliationsMax } from "./rules.ts";
import { chart } from "./setup.ts";
import {
  attemptInput,
  clearTimer,
  closeCall,
  escalateFor,
  failureFrom,
  failureOf,
  finishFor,
  now,
  outcomeIs,
  recordFailure,
  replyOf,
  wiringOf,
} from "./wiring.ts";

/** One attempt: it is dispatched, its outcome is found out, whatever it takes, and what was applied is confirmed. */
export function attemptStates(rules: LoopRules, parameters: Parameters) {
  const { openUncut, startOver, learnResult, learnFailure } = wiringOf(rules, parameters);
  const toolRules = (args: Args) => toolOf(rules, actionOf(args).tool);
  const openCall = openUncut((args) => toolRules(args).timeoutMs);
  const unknownBecause = (message: string) => recordFailure(() => failureOf("effect", "timeout", message));
  const isRepeat = (wanted: "safe" | "reconcile") => ({
    type: "ruleIs" as const,
    params: (args: Args) => ({ actual: toolRules(args).repeat, wanted }),
  });
  const applied = {
    type: "recordApplied" as const,
    params: (args: Args) => ({ result: replyOf<Extract<ExecuteReply, { outcome: "applied" }>>(args).result }),
  };
  const confirmation = (args: Args) => ({
    confirmed: replyOf<ConfirmReply>(args).confirmed,
    before: attemptInput(args).tree,
    after: replyOf<ConfirmReply>(args).tree,
  });

  return {
    committing: chart.createStateConfig({
      entry: openCall,
      invoke: {
        id: "execute",
        src: "execute",
        input: ({ context }) => ({ ...attemptInput({ context }), grants: context.effect?.grants ?? [] }),
        onDone: [
          { guard: outcomeIs("applied"), target: "confirming", actions: [closeCall, applied, learnResult] },
          {
            guard: outcomeIs("notApplied"),
            target: "#retrying",
            actions: [
              closeCall,
              "recordNotApplied",
              learnFailure,
              recordFailure((args) => failureFrom(replyOf(args), "effect")),
            ],
          },
          {
            target: "inDoubt",
            actions: [closeCall, recordFailure((args) => failureFrom(replyOf(args), "effect"))],
          },
        ],
        onError: { target: "inDoubt", actions: [closeCall, unknownBecause("the dispatch failed")] },
      },
      after: {
        untilDue: { target: "inDoubt", actions: [closeCall, unknownBecause("no outcome in time")] },
      },
      on: {
        "host.recovered": { target: "inDoubt", actions: [closeCall, unknownBecause("the host crashed")] },
        "directive.abort": { actions: "requestAbort" },
      },
    }),

    inDoubt: chart.createStateConfig({
      entry: { type: "recordUnknown", params: now },
      always: [
        { guard: "isKnownApplied", target: "confirming", actions: "acceptKnown" },
        { guard: "isAborted", target: "#stopped", actions: finishFor("aborted") },
        { guard: isRepeat("safe"), target: "#retrying" },
        { guard: isRepeat("reconcile"), target: "reconciling" },
        { target: "#escalated", actions: escalateFor("unknownOutcome", keyOf) },
      ],
    }),

    reconciling: chart.createStateConfig({
      entry: [openCall, "countReconciliation"],
      invoke: {
        id: "reconcile",
        src: "reconcile",
        input: attemptInput,
        onDone: [
          {
            guard: {
              type: "foundIs",
              params: (args) => ({ actual: replyOf<ReconcileReply>(args).found, wanted: "applied" }),
            },
            target: "confirming",
            actions: [closeCall, applied, learnResult],
          },
          {
            guard: {
              type: "isAbsentCertain",
              params: (args) => ({
                found: replyOf<ReconcileReply>(args).found,
                tool: toolRules(args),
                lastSentAt: args.context.effect?.lastSentAt ?? 0,
                now: timeOf(args),
              }),
            },
            target: "#retrying",
            actions: [
              closeCall,
              "recordAbsent",
              recordFailure(() => failureOf("effect", "unavailable", "the effect did not arrive")),
            ],
          },
          { target: "askingAgain", actions: closeCall },
        ],
        onError: { target: "askingAgain", actions: closeCall },
      },
      after: { untilDue: { target: "askingAgain", actions: closeCall } },
      on: { "host.recovered": startOver("reconciling") },
    }),

    /** No certain answer yet: ask again after a while, a limited number of times. */
    askingAgain: chart.createStateConfig({
      always: [
        { guard: "isKnownApplied", target: "confirming", actions: "acceptKnown" },
        {
          guard: {
            type: "mayAskAgain",
            params: ({ context }) => ({
              asked: context.effect?.reconciliations ?? 0,
              most: reconciliationsMax,
            }),
          },
          target: "settling",
        },
        { target: "#escalated", actions: escalateFor("unknownOutcome", keyOf) },
      ],
    }),

    settling: chart.createStateConfig({
      entry: {
        type: "setTimer",
        params: (args) => ({ now: timeOf(args), delayMs: parameters.settling(args) }),
      },
      exit: clearTimer,
      after: { untilDue: "reconciling" },
    }),

    confirming: chart.createStateConfig({
      id: "confirming",
      entry: openCall,
      invoke: {
        id: "confirm",
        src: "confirm",
        input: ({ context }) => ({ ...attemptInput({ context }), result: context.effect?.result ?? null }),
        onDone: [
          { guard: { type: "isConfirmed", params: confirmation }, target: "advancing", actions: closeCall },
          {
            guard: { type: "isConfirmedButMoved", params: confirmation },
            target: "advancing",
            actions: [
              closeCall,
              "voidRest",
              { type: "moveWorkspace", params: (args) => ({ tree: replyOf<ConfirmReply>(args).tree }) },
            ],
          },
          { target: "#escalated", actions: [closeCall, escalateFor("notConfirmed")] },
        ],
        onError: { target: "#escalated", actions: [closeCall, escalateFor("notConfirmed")] },
      },
      after: { untilDue: { target: "#escalated", actions: [closeCall, escalateFor("notConfirmed")] } },
      on: {
        "host.recovered": startOver("confirming"),
        "directive.abort": { actions: "requestAbort" },
      },
    }),
  };
}
