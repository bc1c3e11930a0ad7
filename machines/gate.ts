import type { GateRefusal } from "../guards/effect.ts";
import type { EscalationReason } from "../guards/escalate.ts";
import type { ObserveReply } from "./events.ts";
import { type Args, actionOf, keyOf, type Parameters, timeOf, toolOf } from "./parameters.ts";
import { assessTimeoutMs, type LoopRules } from "./rules.ts";
import { chart } from "./setup.ts";
import {
  actionInput,
  attemptInput,
  clearTimer,
  closeCall,
  escalateFor,
  failureFrom,
  failureOf,
  outcomeIs,
  recordFailure,
  replyOf,
  spendOne,
  wiringOf,
} from "./wiring.ts";

/** What stands before every read and every dispatch: facts, a fresh verdict, a person's word; and the reads themselves. */
export function gateStates(rules: LoopRules, parameters: Parameters) {
  const { gate, within } = parameters;
  const { openCall, startOver, atLimit, outOfTime, learnResult, learnFailure } = wiringOf(rules, parameters);
  const toolTimeout = (args: Args): number => toolOf(rules, actionOf(args).tool).timeoutMs;
  const refused = (reason: GateRefusal) => ({
    type: "isRefused" as const,
    params: (args: Args) => ({ ...gate(args), reason }),
  });
  const handOff = (reason: GateRefusal & EscalationReason) => ({
    guard: refused(reason),
    target: "#escalated",
    actions: [closeCall, escalateFor(reason)],
  });
  const commitRefused = (reason: "duplicate" | "halted") => ({
    guard: {
      type: "ruleIs" as const,
      params: ({ event }: Args) => ({
        actual: (event as unknown as { reason: string }).reason,
        wanted: reason,
      }),
    },
    target: "#escalated",
    actions: [closeCall, escalateFor(reason)],
  });
  const recordIntent = {
    type: "recordIntent" as const,
    params: (args: Args) => ({
      key: keyOf(args),
      tool: actionOf(args).tool,
      grants: parameters.grantIds(args),
      now: timeOf(args),
    }),
  };

  return {
    assessing: chart.createStateConfig({
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
            actions: [closeCall, recordIntent],
          },
          handOff("halted"),
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
          handOff("outOfScope"),
          handOff("forbidden"),
          handOff("missingPermission"),
          handOff("duplicate"),
          {
            guard: {
              type: "isRefusedInDoubt",
              params: (args) => ({ ...gate(args), reason: "alreadyApplied" as const }),
            },
            target: "#escalated",
            actions: [closeCall, escalateFor("unknownOutcome", keyOf)],
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
      after: {
        untilDue: [outOfTime, { target: "#escalated", actions: [closeCall, escalateFor("internal")] }],
      },
      on: {
        "host.recovered": startOver("assessing"),
        "commit.refused": [
          commitRefused("duplicate"),
          commitRefused("halted"),
          { target: "asking", actions: closeCall },
        ],
      },
    }),

    /** A limit stands in the way of this action, or of the verification before it. */
    limited: chart.createStateConfig({ id: "limited", always: atLimit(parameters.gateLimit) }),

    /** The verdict went stale; verifying again is itself limited. */
    reverifying: chart.createStateConfig({
      always: [
        {
          guard: { type: "isWithin", params: within("reverifications") },
          target: "#verifying",
          actions: spendOne("reverifications"),
        },
        ...atLimit("reverifications"),
      ],
    }),

    /** A person must be asked; questions are limited too. */
    asking: chart.createStateConfig({
      always: [
        { guard: { type: "isWithin", params: within("questions") }, target: "awaitingApproval" },
        ...atLimit("questions"),
      ],
    }),

    awaitingApproval: chart.createStateConfig({
      tags: ["parked"],
      entry: [
        { type: "ask", params: (args) => ({ effectKey: keyOf(args), now: timeOf(args) }) },
        { type: "setTimer", params: (args) => ({ now: timeOf(args), delayMs: rules.approvals.timeoutMs }) },
      ],
      exit: ["closeQuestion", clearTimer],
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
    }),

    observing: chart.createStateConfig({
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
      // A halt or an expired grant may lie between the crash and now, so the read starts over at the gate.
      on: { "host.recovered": startOver("assessing") },
    }),
  };
}
