import type { Usage } from "../../guards/continue.ts";
import type { LoopRules } from "../../machines/rules.ts";

/** More than the search ever counts: that a limit is reached is a choice of the search, not a count. */
export const plenty = 1_000_000;

/** Actions of one turn that the search keeps apart: the present one, the one before it, and whether more follow. */
const actionsPerTurn = 3;

/** Whether something costs anything is all that counts; two, so that "not quite enough is left" can be told from "nothing". */
const costing = ({ tokens, costMicroUsd }: Usage): Usage => ({
  tokens: Math.min(tokens, 2),
  costMicroUsd: Math.min(costMicroUsd, 2),
});

/**
 * The rules with every number put so high that nothing is ever used up by counting. Each limit, age and patience is then
 * used up at any moment at which the search says so, which covers every number that a contract can hold: a run in which
 * a limit is reached after 50 steps behaves, from there on, like one in which it is found to be reached.
 */
export function abstractRules(rules: LoopRules): LoopRules {
  const { maxPerTurn } = rules.agent;
  return {
    ...rules,
    agent: { ...rules.agent, maxPerTurn: maxPerTurn && costing(maxPerTurn) },
    opinions: { maxPerVerification: costing(rules.opinions.maxPerVerification) },
    limits: {
      steps: plenty,
      tokens: plenty,
      costMicroUsd: plenty,
      activeMs: plenty,
      deadlineMs: plenty,
      actionsPerTurn,
      effects: plenty,
      questions: plenty,
      recoveries: plenty,
      reverifications: plenty,
    },
    retry: { ...rules.retry, failuresInARow: plenty, sameFailure: plenty },
    progress: { ...rules.progress, patience: plenty },
  };
}
