import type { RetryRefusal } from "../guards/retry.ts";
import type { LoopEvent } from "./events.ts";
import { type Args, type Parameters, timeOf } from "./parameters.ts";
import type { LoopRules } from "./rules.ts";
import { chart } from "./setup.ts";
import { clearTimer, closeCall, escalateFor, failureOf, finishFor, forfeit } from "./wiring.ts";

type LateOutcome = Extract<LoopEvent, { type: "effect.lateOutcome" }>;

/** Where the next turn starts after a failed verification, by the contract's `retry.workspace`. */
function startAfterFailure(rules: LoopRules): "best" | "base" | "here" {
  const mode = rules.retry.workspace ?? (rules.progress.metric === undefined ? "keep" : "ratchet");
  if (mode === "reset") return "base";
  return mode === "keep" ? "here" : "best";
}

/** From a failure on: retry, wait, or hand off. Shared by `loop` and `call`; `decide` is where a correction goes; a person's word goes to the start. */
export function recoveryStates(rules: LoopRules, parameters: Parameters, exits: { decide: string }) {
  const { retry } = parameters;
  const refused = (reason: RetryRefusal) => ({
    guard: { type: "isRetryRefused" as const, params: (args: Args) => ({ ...retry(args), reason }) },
    target: "#escalated",
    actions: ["tellFailure" as const, escalateFor(reason, ({ context }) => context.failure?.message ?? null)],
  });
  const originIs = (wanted: string) => ({
    type: "originIs" as const,
    params: ({ context }: Args) => ({ actual: context.failure?.origin ?? "turn", wanted }),
  });

  return {
    retrying: chart.createStateConfig({
      id: "retrying",
      always: [
        { guard: "isKnownApplied", target: "#confirming", actions: "acceptKnown" },
        { guard: "isAborted", target: "#stopped", actions: finishFor("aborted") },
        refused("missingPermission"),
        refused("sameFailure"),
        refused("retriesExhausted"),
        {
          guard: { type: "mayRetry", params: (args) => ({ ...retry(args), how: "backoff" as const }) },
          target: "#waiting",
        },
        {
          guard: {
            type: "ruleIs",
            params: ({ context }) => ({
              actual: context.failure?.errorClass ?? "",
              wanted: "verificationFailed",
            }),
          },
          target: exits.decide,
          actions: ["tellFailure", { type: "chooseStart", params: { to: startAfterFailure(rules) } }],
        },
        { target: exits.decide, actions: "tellFailure" },
      ],
    }),

    waiting: chart.createStateConfig({
      id: "waiting",
      entry: {
        type: "setTimer",
        params: (args) => ({ now: timeOf(args), delayMs: parameters.backoff(args) }),
      },
      exit: clearTimer,
      after: {
        untilDue: [
          { guard: "isKnownApplied", target: "#confirming", actions: "acceptKnown" },
          { guard: originIs("turn"), target: exits.decide },
          { target: "#assessing" },
        ],
      },
    }),

    escalated: chart.createStateConfig({
      id: "escalated",
      tags: ["parked"],
      entry: [
        "voidVerdict",
        {
          type: "setTimer",
          params: (args) => ({ now: timeOf(args), delayMs: rules.escalate.parkTimeoutMs }),
        },
      ],
      exit: clearTimer,
      always: { guard: "isAborted", target: "#stopped", actions: finishFor("aborted") },
      after: {
        untilDue: {
          target: "#stopped",
          actions: finishFor("parkTimeout", ({ context }) => context.escalation?.reason ?? null),
        },
      },
      on: {
        "directive.resume": {
          guard: {
            type: "mayResume",
            params: ({ context }) => ({ doubt: context.doubt?.key ?? null, halted: context.halted }),
          },
          target: "#starting",
          actions: [
            { type: "raiseLimits", params: ({ event }) => ({ raise: event.raise }) },
            { type: "resume", params: ({ event }) => ({ say: event.say }) },
          ],
        },
        "directive.settle": [
          {
            guard: {
              type: "maySettle",
              params: ({ context, event }) => ({
                doubt: context.doubt?.key ?? null,
                key: event.key,
                found: event.found,
                wanted: "applied" as const,
              }),
            },
            target: "#confirming",
            actions: ["settle", { type: "recordApplied", params: ({ event }) => ({ result: event.result }) }],
          },
          {
            guard: {
              type: "maySettle",
              params: ({ context, event }) => ({
                doubt: context.doubt?.key ?? null,
                key: event.key,
                found: event.found,
                wanted: "absent" as const,
              }),
            },
            target: "#retrying",
            actions: [
              "settle",
              {
                type: "recordFailure",
                params: { failure: failureOf("effect", "unavailable", "a person settled it as absent") },
              },
            ],
          },
        ],
      },
    }),

    succeeded: chart.createStateConfig({ id: "succeeded", type: "final" }),
    stopped: chart.createStateConfig({ id: "stopped", type: "final" }),
  };
}

/** What every state handles: an abort, a halt, a late outcome, a fold that failed. */
export const everywhere = {
  "directive.abort": {
    target: "#stopped",
    actions: [
      closeCall,
      forfeit,
      finishFor("aborted", ({ event }) => (event as { reason?: string }).reason ?? null),
    ],
  },
  "directive.halt": { actions: { type: "setHalted" as const, params: { halted: true } } },
  "directive.liftHalt": { actions: { type: "setHalted" as const, params: { halted: false } } },
  "effect.lateOutcome": {
    actions: { type: "recordLate" as const, params: ({ event }: { event: LateOutcome }) => event },
  },
  "host.failed": {
    target: "#escalated",
    actions: [
      closeCall,
      forfeit,
      escalateFor("internal", ({ event }) => (event as { message?: string }).message ?? null),
    ],
  },
};
