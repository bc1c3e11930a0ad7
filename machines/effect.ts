import { attemptStates } from "./attempt.ts";
import { gateStates } from "./gate.ts";
import type { Parameters } from "./parameters.ts";
import type { LoopRules } from "./rules.ts";
import { chart } from "./setup.ts";
import { finishFor } from "./wiring.ts";

/**
 * From a proposed action to a confirmed effect, shared by `loop` and `call`. Every action passes `assessing`;
 * `committing` is the only state that dispatches declared effects, and `mayDispatch` the only way in.
 * `decide` is the state that comes after the last action of a turn.
 */
export function effectStates(rules: LoopRules, parameters: Parameters, exits: { decide: string }) {
  return chart.createStateConfig({
    id: "effect",
    initial: "assessing",
    states: {
      ...gateStates(rules, parameters),
      ...attemptStates(rules, parameters),

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
