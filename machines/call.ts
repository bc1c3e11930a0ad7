import { carriedState, initialState, type Turn } from "../actions/state.ts";
import { effectStates } from "./effect.ts";
import type { LoopInput } from "./events.ts";
import { parametersOf, toolOf } from "./parameters.ts";
import { everywhere, recoveryStates } from "./recovery.ts";
import { type LoopRules, maxIterations } from "./rules.ts";
import { chart } from "./setup.ts";
import { verifyingStates } from "./verifying.ts";
import { escalateFor, finishFor } from "./wiring.ts";

/** One tool call from outside a loop: the turn that holds it, claimed by nobody. */
const callState = (input: LoopInput) => ({
  ...initialState(input),
  spent: { ...initialState(input).spent, steps: 1 },
  turn: input.turn as Turn,
});

/**
 * The chart that gates one tool call outside a loop (a gateway, a wrapped SDK tool): the same verification, the same
 * gate and the same recovery as in a loop; what a loop would tell its agent is the caller's answer.
 */
export function createCallMachine(rules: LoopRules) {
  const parameters = parametersOf(rules);
  const exits = { decide: "#returning" };

  return chart.createMachine({
    id: "call",
    context: ({ input }) => (input.carried === null ? callState(input) : carriedState(input.carried)),
    output: ({ context }) => context.outcome!,
    initial: "starting",
    options: { maxIterations },
    on: everywhere,
    states: {
      /** Where a call begins, and is tried again when a person says so, unless it was applied. */
      starting: {
        id: "starting",
        always: [
          { guard: "isKnownApplied", target: "#confirming", actions: "acceptKnown" },
          { guard: "isInDoubt", target: "escalated", actions: escalateFor("unknownOutcome") },
          { guard: "isApplied", target: "#advancing" },
          {
            guard: {
              type: "isTurn",
              params: ({ context }) => {
                const actions = context.turn?.actions ?? [];
                const reads = actions.filter((action) => toolOf(rules, action.tool).effect === "read").length;
                const { actionsPerTurn } = rules.limits;
                return {
                  failed: false,
                  claim: null,
                  actions: actions.length,
                  reads,
                  changed: false,
                  actionsPerTurn,
                  kind: "reads",
                };
              },
            },
            target: "effect",
          },
          { target: "verifying" },
        ],
      },

      /** The answer to the caller: what was applied or read, or why not. */
      returning: {
        id: "returning",
        always: [
          { guard: "isInDoubt", target: "escalated", actions: escalateFor("unknownOutcome") },
          {
            guard: "hasFailed",
            target: "stopped",
            actions: finishFor("refused", ({ context }) => context.failure?.message ?? null),
          },
          { target: "succeeded", actions: finishFor("answered") },
        ],
      },

      ...verifyingStates(rules, parameters, exits),
      effect: effectStates(rules, parameters, exits),
      ...recoveryStates(rules, parameters, exits),
    },
  });
}
export type CallMachine = ReturnType<typeof createCallMachine>;
