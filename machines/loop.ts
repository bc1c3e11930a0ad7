import { carriedState, initialState } from "../actions/state.ts";
import { effectStates } from "./effect.ts";
import type { ActReply, VerifyReply } from "./events.ts";
import { type Args, parametersOf } from "./parameters.ts";
import { everywhere, recoveryStates } from "./recovery.ts";
import { type LoopRules, maxIterations } from "./rules.ts";
import { chart } from "./setup.ts";
import { verifyingStates } from "./verifying.ts";
import {
  closeCall,
  escalateFor,
  failureFrom,
  failureOf,
  forfeit,
  replyOf,
  spendOne,
  wiringOf,
} from "./wiring.ts";

/**
 * The chart of an unattended agent loop under one contract's rules: decide, act, verify, let each effect through the
 * gate, retry or hand off, until the goal verifiers pass or a limit, a person or a time-out ends it.
 */
export function createLoopMachine(rules: LoopRules) {
  const parameters = parametersOf(rules);
  const { openCall, openVerification, startOver, atLimit, outOfTime } = wiringOf(rules, parameters);
  const exits = { decide: "#deciding" };
  const { metric } = rules.progress;

  const reply = (args: Args) => replyOf<ActReply>(args);
  const isTurn = (kind: "failed" | "oversized" | "stuck" | "empty" | "reads") => ({
    type: "isTurn" as const,
    params: (args: Args) => ({ ...parameters.turn(args), kind }),
  });
  const settleUsage = {
    type: "settleUsage" as const,
    params: (args: Args) => ({ usage: reply(args).usage }),
  };
  const settleBaseline = {
    type: "settleUsage" as const,
    params: (args: Args) => ({ usage: replyOf<VerifyReply>(args).usage }),
  };
  const recordTurn = {
    type: "recordTurn" as const,
    params: (args: Args) => reply(args) as Extract<ActReply, { kind: "turn" }>,
  };
  const noteOf = (args: Args): string | null => (reply(args) as Extract<ActReply, { kind: "turn" }>).note;
  const takeTurn = [closeCall, settleUsage, recordTurn] as const;

  return chart.createMachine({
    id: "loop",
    context: ({ input }) => (input.carried === null ? initialState(input) : carriedState(input.carried)),
    output: ({ context }) => context.outcome!,
    initial: "starting",
    options: { maxIterations },
    on: everywhere,
    states: {
      /** Where a run begins, and goes on when a person says so: what is in doubt, or known too late, comes first. */
      starting: {
        id: "starting",
        always: [
          { guard: "isKnownApplied", target: "#confirming", actions: "acceptKnown" },
          { guard: "isInDoubt", target: "escalated", actions: escalateFor("unknownOutcome") },
          {
            guard: {
              type: "needsBaseline",
              params: ({ context }) => ({ metric: metric !== undefined, best: context.workspace.bestScore }),
            },
            target: "measuring",
          },
          { target: "deciding" },
        ],
      },

      /** Measures the progress metric where the run starts from, so that a worse first step is known as worse. */
      measuring: {
        entry: openVerification,
        invoke: {
          id: "verify",
          src: "verify",
          input: ({ context }) => ({ callId: context.call!.id, step: 0, purpose: "baseline", turn: null }),
          onDone: [
            {
              guard: { type: "isMeasured", params: (args) => ({ score: replyOf<VerifyReply>(args).score }) },
              target: "deciding",
              actions: [
                closeCall,
                settleBaseline,
                {
                  type: "measureBaseline",
                  params: (args) => ({ ...replyOf<VerifyReply>(args), rules: rules.progress }),
                },
              ],
            },
            {
              target: "escalated",
              actions: [
                closeCall,
                settleBaseline,
                escalateFor("unverifiable", (args) => replyOf<VerifyReply>(args).summary),
              ],
            },
          ],
          onError: { target: "escalated", actions: [closeCall, forfeit, escalateFor("unverifiable")] },
        },
        after: {
          untilDue: [
            outOfTime,
            { target: "escalated", actions: [closeCall, forfeit, escalateFor("unverifiable")] },
          ],
        },
        on: { "host.recovered": startOver("measuring") },
      },

      /** Continue: may the next turn start? */
      deciding: {
        id: "deciding",
        entry: { type: "closeStep", params: { rules: rules.progress } },
        always: [
          { guard: "isInDoubt", target: "escalated", actions: escalateFor("unknownOutcome") },
          { guard: "isHalted", target: "escalated", actions: escalateFor("halted") },
          { guard: { type: "isAtLimit", params: parameters.continuing(1) }, target: "limited" },
          {
            guard: {
              type: "isRepeating",
              params: ({ context }) => ({ state: context.repetition, rules: rules.repetition }),
            },
            target: "escalated",
            actions: escalateFor("repeatedAction"),
          },
          {
            guard: {
              type: "isStuck",
              params: ({ context }) => ({ state: context.progress, rules: rules.progress }),
            },
            target: "escalated",
            actions: escalateFor("noProgress"),
          },
          {
            guard: {
              type: "shouldNudgeRepetition",
              params: ({ context }) => ({ state: context.repetition, rules: rules.repetition }),
            },
            target: "acting",
            actions: [{ type: "nudge", params: { about: "repetition" } }, "beginStep"],
          },
          {
            guard: {
              type: "shouldNudgeProgress",
              params: ({ context }) => ({ state: context.progress, rules: rules.progress }),
            },
            target: "acting",
            actions: [{ type: "nudge", params: { about: "progress" } }, "beginStep"],
          },
          { target: "acting", actions: "beginStep" },
        ],
      },

      limited: { always: atLimit(parameters.spentLimit) },

      acting: {
        entry: [
          { type: "reserve", params: { worst: rules.agent.maxPerTurn } },
          openCall(rules.agent.timeoutMs),
        ],
        invoke: {
          id: "act",
          src: "act",
          input: (args) => ({
            callId: args.context.call!.id,
            step: args.context.spent.steps,
            remaining: parameters.remaining(args),
            start: args.context.workspace.start,
            memory: args.context.memory,
            feedback: args.context.feedback,
          }),
          onDone: [
            {
              guard: isTurn("failed"),
              target: "retrying",
              actions: [
                closeCall,
                settleUsage,
                {
                  type: "recordFailure",
                  params: (args) => ({
                    failure: failureFrom(reply(args) as Extract<ActReply, { kind: "failed" }>, "turn"),
                  }),
                },
              ],
            },
            {
              guard: isTurn("oversized"),
              target: "retrying",
              actions: [
                closeCall,
                settleUsage,
                {
                  type: "recordFailure",
                  params: {
                    failure: failureOf(
                      "turn",
                      "invalidArguments",
                      `a turn may hold at most ${rules.limits.actionsPerTurn} actions`,
                    ),
                  },
                },
              ],
            },
            {
              guard: isTurn("stuck"),
              target: "escalated",
              actions: [...takeTurn, escalateFor("agentAsked", noteOf)],
            },
            { guard: isTurn("empty"), target: "deciding", actions: takeTurn },
            { guard: isTurn("reads"), target: "effect", actions: takeTurn },
            { target: "verifying", actions: takeTurn },
          ],
          onError: {
            target: "retrying",
            actions: [
              closeCall,
              forfeit,
              {
                type: "recordFailure",
                params: { failure: failureOf("turn", "internal", "the agent failed") },
              },
            ],
          },
        },
        after: {
          untilDue: {
            target: "retrying",
            actions: [
              closeCall,
              forfeit,
              {
                type: "recordFailure",
                params: { failure: failureOf("turn", "timeout", "the turn timed out") },
              },
            ],
          },
        },
        on: {
          "host.recovered": [
            {
              guard: { type: "isWithin", params: parameters.within("recoveries") },
              target: "restarting",
              actions: [closeCall, forfeit, spendOne("recoveries")],
            },
            { target: "escalated", actions: [closeCall, forfeit, escalateFor("crashLoop")] },
          ],
        },
      },

      /** The turn starts over after a crash; what the lost one may have used is charged, so the limits are looked at again. */
      restarting: {
        always: [
          { guard: "isHalted", target: "escalated", actions: escalateFor("halted") },
          { guard: { type: "isAtLimit", params: parameters.continuing(0) }, target: "limited" },
          { target: "acting" },
        ],
      },

      ...verifyingStates(rules, parameters, exits),
      effect: effectStates(rules, parameters, exits),
      ...recoveryStates(rules, parameters, exits),
    },
  });
}
export type LoopMachine = ReturnType<typeof createLoopMachine>;
