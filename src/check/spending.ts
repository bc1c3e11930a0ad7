import type { LoopState } from "../../actions/state.ts";

/** What a run counts, each up to a limit of its own. */
export const counters = [
  "steps",
  "effects",
  "questions",
  "recoveries",
  "reverifications",
  "actions",
  "failures",
  "reconciliations",
] as const;
export type Counter = (typeof counters)[number];

/** Which counters a step raised and which it lowered, as bits in the order of `counters`. */
export type Spending = { up: number; down: number };

const countsOf = ({ spent, cursor, streak, effect }: LoopState): number[] => [
  spent.steps,
  spent.effects,
  spent.questions,
  spent.recoveries,
  spent.reverifications,
  cursor,
  streak.failures,
  effect?.reconciliations ?? 0,
];

/** What a step spent of what its run counts. */
export function spendingOf(before: LoopState, after: LoopState): Spending {
  const [first, then] = [countsOf(before), countsOf(after)];
  let up = 0;
  let down = 0;
  first.forEach((count, i) => {
    if (then[i]! > count) up |= 1 << i;
    if (then[i]! < count) down |= 1 << i;
  });
  return { up, down };
}
