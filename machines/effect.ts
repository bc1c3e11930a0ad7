import type { GateRefusal } from "../guards/effect.ts";
import type { ConfirmReply, ExecuteReply, ObserveReply, ReconcileReply } from "./events.ts";
import { type Args, actionOf, keyOf, type Parameters, timeOf, toolOf } from "./parameters.ts";
import { assessTimeoutMs, type LoopRules, reconciliationsMax } from "./rules.ts";
import { chart } from "./setup.ts";
import {
  actionInput,
  attemptInput,
  closeCall,
  escalateFor,
  failureFrom,
  failureOf,
  finishFor,
  now,
  recordFailure,
  replyOf,
  spendOne,
  wiringOf,
} from "./wiring.ts";

/**
 * The gate: from a proposed action to a confirmed effect, shared by `loop` and `call`. Every action passes
 * `assessing`; `committing` is the only state that dispatches declared effects, and `mayDispatch` the only way in.
 * `decide` is the state that comes after the last action of a turn.
 */
export function gateStates(rules: LoopRules, parameters: Parameters, exits: { decide: string }) {
  const { gate, within } = parameters;
  const { openCall, startOver, atLimit } = wiringOf(rules, parameters);
  const refused = (reason: GateRefusal) => ({
    type: "isRefused" as const,
    params: (args: Args) => ({ ...gate(args), reason }),
  });
  const toolTimeout = (args: Args): number => toolOf(rules, actionOf(args).tool).timeoutMs;
  const learnResult = {
    type: "observeResult" as const,
    params: (args: Args) => ({
      result: replyOf<{ resultDigest: string }>(args).resultDigest,
      answered: true,
      rules: rules.repetition,
    }),
  };
  const learnFailure = {
    type: "observeResult" as const,
    params: (args: Args) => ({
      result: replyOf<{ fingerprint: string }>(args).fingerprint,
      answered: false,
      rules: rules.repetition,
    }),
  };
  const applied = {
    type: "recordApplied" as const,
    params: (args: Args) => ({ result: replyOf<Extract<ExecuteReply, { outcome: "applied" }>>(args).result }),
  };
  const outcomeIs = (wanted: "applied" | "notApplied" | "unknown" | "observed" | "failed") => ({
    type: "outcomeIs" as const,
    params: (args: Args) => ({ actual: replyOf<{ outcome: string }>(args).outcome, wanted }),
  });
  const foundIs = (wanted: ReconcileReply["found"]) => ({
    type: "foundIs" as const,
    params: (args: Args) => ({ actual: replyOf<ReconcileReply>(args).found, wanted }),
  });
  const confirmation = (args: Args) => ({
    confirmed: replyOf<ConfirmReply>(args).confirmed,
    before: attemptInput(args).tree,
    after: replyOf<ConfirmReply>(args).tree,
  });
  const unknownBecause = (message: string) => recordFailure(() => failureOf("effect", "timeout", message));

  return chart.createStateConfig({
    id: "effect",
    initial: "assessing",
    states: {
      assessing: {
        id: "assessing",
        entry: openCall(assessTimeoutMs),
        invoke: {
          id: "assess",
          src: "assess",
          input: actionInput,
          onDone: [
            { guard: "isKnownApplied", target: "confirming", actions: [closeCall, "acceptKnown"] },
            { guard: { type: "mayObserve", params: gate }, target: "observing", actions: closeCall },
            {
              guard: { type: "mayDispatch", params: gate },
              target: "committing",
              actions: [
                closeCall,
                {
                  type: "recordIntent",
                  params: (args) => ({
                    key: keyOf(args),
                    tool: actionOf(args).tool,
                    grants: parameters.grantIds(args),
                    now: timeOf(args),
                  }),
                },
              ],
            },
            { guard: refused("halted"), target: "#escalated", actions: [closeCall, escalateFor("halted")] },
            { guard: refused("limit"), target: "limited", actions: closeCall },
            {
              guard: refused("invalidArguments"),
              target: "#retrying",
              actions: [
                closeCall,
                recordFailure((args) =>
                  failureOf("effect", "invalidArguments", `the arguments do not fit ${actionOf(args).tool}`),
                ),
              ],
            },
            {
              guard: refused("outOfScope"),
              target: "#escalated",
              actions: [closeCall, escalateFor("outOfScope")],
            },
            {
              guard: refused("forbidden"),
              target: "#escalated",
              actions: [closeCall, escalateFor("forbidden")],
            },
            {
              guard: refused("missingPermission"),
              target: "#escalated",
              actions: [closeCall, escalateFor("missingPermission")],
            },
            {
              guard: refused("duplicate"),
              target: "#escalated",
              actions: [closeCall, escalateFor("duplicate")],
            },
            {
              guard: {
                type: "isRefusedInDoubt",
                params: (args) => ({ ...gate(args), reason: "alreadyApplied" as const }),
              },
              target: "#escalated",
              actions: [closeCall, escalateFor("unknownOutcome", (args) => keyOf(args))],
            },
            {
              guard: refused("alreadyApplied"),
              target: "advancing",
              actions: [
                closeCall,
                {
                  type: "tell",
                  params: (args) => ({
                    feedback: {
                      kind: "alreadyApplied" as const,
                      tool: actionOf(args).tool,
                      result: replyOf<{ recorded: null }>(args).recorded,
                    },
                  }),
                },
                {
                  type: "observeResult",
                  params: { result: "alreadyApplied", answered: false, rules: rules.repetition },
                },
              ],
            },
            { guard: refused("stale"), target: "reverifying", actions: closeCall },
            { guard: refused("needsApproval"), target: "asking", actions: closeCall },
          ],
          onError: { target: "#escalated", actions: [closeCall, escalateFor("internal")] },
        },
        after: { untilDue: { target: "#escalated", actions: [closeCall, escalateFor("internal")] } },
        on: {
          "host.recovered": startOver("assessing"),
          "commit.refused": [
            {
              guard: {
                type: "outcomeIs",
                params: ({ event }) => ({ actual: event.reason, wanted: "duplicate" }),
              },
              target: "#escalated",
              actions: [closeCall, escalateFor("duplicate")],
            },
            {
              guard: {
                type: "outcomeIs",
                params: ({ event }) => ({ actual: event.reason, wanted: "halted" }),
              },
              target: "#escalated",
              actions: [closeCall, escalateFor("halted")],
            },
            { target: "asking", actions: closeCall },
          ],
        },
      },

      /** A limit stands in the way of this action. */
      limited: { always: atLimit(parameters.gateLimit) },

      /** The verdict went stale; verifying again is itself limited. */
      reverifying: {
        always: [
          {
            guard: { type: "isWithin", params: within("reverifications") },
            target: "#verifying",
            actions: spendOne("reverifications"),
          },
          ...atLimit("reverifications"),
        ],
      },

      /** A person must be asked; questions are limited too. */
      asking: {
        always: [
          { guard: { type: "isWithin", params: within("questions") }, target: "awaitingApproval" },
          ...atLimit("questions"),
        ],
      },

      awaitingApproval: {
        tags: ["parked"],
        entry: [
          { type: "ask", params: (args) => ({ effectKey: keyOf(args), now: timeOf(args) }) },
          { type: "setTimer", params: (args) => ({ now: timeOf(args), delayMs: rules.approvals.timeoutMs }) },
        ],
        exit: ["closeQuestion", "clearTimer"],
        after: { untilDue: { target: "#escalated", actions: escalateFor("approvalTimeout") } },
        on: {
          "approval.granted": {
            guard: {
              type: "isApproved",
              params: ({ context, event }) => ({
                grants: event.grants,
                effectKey: keyOf({ context }),
                actionDigest: actionOf({ context }).digest,
                destructive: toolOf(rules, actionOf({ context }).tool).effect === "destructive",
                now: event.at,
                rules: rules.approvals,
              }),
            },
            target: "assessing",
          },
          "approval.denied": {
            guard: {
              type: "concerns",
              params: ({ context, event }) => ({
                key: context.approval?.effectKey ?? null,
                about: event.effectKey,
              }),
            },
            target: "#retrying",
            actions: {
              type: "recordFailure",
              params: ({ event }) => ({ failure: failureOf("effect", "denied", event.reason) }),
            },
          },
        },
      },

      observing: {
        entry: openCall(toolTimeout),
        invoke: {
          id: "observe",
          src: "observe",
          input: attemptInput,
          onDone: [
            {
              guard: outcomeIs("observed"),
              target: "advancing",
              actions: [
                closeCall,
                { type: "endStreak", params: { of: ["turn", "proposal", "read"] } },
                learnResult,
                {
                  type: "tell",
                  params: (args) => ({
                    feedback: {
                      kind: "observed" as const,
                      tool: actionOf(args).tool,
                      result: replyOf<Extract<ObserveReply, { outcome: "observed" }>>(args).result,
                    },
                  }),
                },
              ],
            },
            {
              target: "#retrying",
              actions: [closeCall, learnFailure, recordFailure((args) => failureFrom(replyOf(args), "read"))],
            },
          ],
          onError: {
            target: "#retrying",
            actions: [closeCall, recordFailure(() => failureOf("read", "internal", "the read failed"))],
          },
        },
        after: {
          untilDue: {
            target: "#retrying",
            actions: [closeCall, recordFailure(() => failureOf("read", "timeout", "the read timed out"))],
          },
        },
        on: { "host.recovered": startOver("observing") },
      },

      committing: {
        entry: openCall(toolTimeout),
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
      },

      inDoubt: {
        entry: { type: "recordUnknown", params: now },
        always: [
          { guard: "isKnownApplied", target: "confirming", actions: "acceptKnown" },
          { guard: "isAborted", target: "#stopped", actions: finishFor("aborted") },
          {
            guard: {
              type: "ruleIs",
              params: (args) => ({ actual: toolOf(rules, actionOf(args).tool).repeat, wanted: "safe" }),
            },
            target: "#retrying",
          },
          {
            guard: {
              type: "ruleIs",
              params: (args) => ({ actual: toolOf(rules, actionOf(args).tool).repeat, wanted: "reconcile" }),
            },
            target: "reconciling",
          },
          { target: "#escalated", actions: escalateFor("unknownOutcome", (args) => keyOf(args)) },
        ],
      },

      reconciling: {
        id: "reconciling",
        entry: [openCall(toolTimeout), "countReconciliation"],
        invoke: {
          id: "reconcile",
          src: "reconcile",
          input: attemptInput,
          onDone: [
            { guard: foundIs("applied"), target: "confirming", actions: [closeCall, applied, learnResult] },
            {
              guard: {
                type: "isAbsentCertain",
                params: (args) => ({
                  found: replyOf<ReconcileReply>(args).found,
                  tool: toolOf(rules, actionOf(args).tool),
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
      },

      /** No certain answer yet: ask again after a while, a limited number of times. */
      askingAgain: {
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
          { target: "#escalated", actions: escalateFor("unknownOutcome", (args) => keyOf(args)) },
        ],
      },
      settling: {
        entry: {
          type: "setTimer",
          params: (args) => ({ now: timeOf(args), delayMs: parameters.settling(args) }),
        },
        exit: "clearTimer",
        after: { untilDue: "reconciling" },
      },

      confirming: {
        id: "confirming",
        entry: openCall(toolTimeout),
        invoke: {
          id: "confirm",
          src: "confirm",
          input: ({ context }) => ({ ...attemptInput({ context }), result: context.effect?.result ?? null }),
          onDone: [
            {
              guard: { type: "isConfirmed", params: confirmation },
              target: "advancing",
              actions: closeCall,
            },
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
      },

      /** One action is done with: on to the next, to the goal, or to the next decision. */
      advancing: {
        id: "advancing",
        entry: "nextAction",
        always: [
          { guard: "isAborted", target: "#stopped", actions: finishFor("aborted") },
          { guard: "hasNextAction", target: "assessing" },
          { guard: "isGoalDue", target: "#verifying" },
          { target: exits.decide },
        ],
      },
    },
  });
}
