import type { LoopRules } from "../../../machines/rules.ts";

/** What one way takes of a contract's limits, at the most. Times in milliseconds. */
export type Need = {
  /** Turns of the agent; default 1. */
  steps?: number;
  /** Turns whose usage stays unknown. */
  forfeits?: number;
  questions?: number;
  reverifications?: number;
  effects?: number;
  /** Failures in a row after which it still goes on. */
  failures?: number;
  /** Steps before the last that bring no better score. */
  fruitless?: number;
  /** Time in calls, and time between them. */
  activeMs?: number;
  waitMs?: number;
  /** Time for which the run is parked; its deadline is looked at afterwards only. */
  parkedMs?: number;
};

/** The longest wait of a rehearsal: a lease lasts longer. */
const waitMsMax = 40 * 24 * 60 * 60_000;

/** The most that the retries of so many failures wait. */
export const backoffsMs = ({ retry: { backoff } }: LoopRules, failures: number): number =>
  failures * backoff.maxMs;

/** Steps in a row that bring nothing, after which a run is handed off: the first hit tells the agent, the second a person. */
export const fruitlessSteps = ({ progress }: LoopRules): number => Math.max(2, progress.patience);

type Amount = "tokens" | "costMicroUsd";

/** Does the budget hold for these turns at the worst, and for one step more? */
const isAffordable = ({ agent, opinions, limits }: LoopRules, forfeits: number, of: Amount): boolean => {
  const turn = agent.maxPerTurn?.[of] ?? 0;
  const opinion = opinions.maxPerVerification[of];
  return forfeits * (turn + opinion) + Math.max(1, turn + 2 * opinion) <= limits[of];
};

/** Do a contract's limits leave room for this? */
export function hasRoom(rules: LoopRules, need: Need): boolean {
  const { steps = 1, forfeits = 0, questions = 0, reverifications = 0, effects = 0 } = need;
  const { failures = 0, fruitless = 0 } = need;
  const { activeMs = 0, waitMs = 0, parkedMs = 0 } = need;
  const { limits } = rules;
  return (
    steps <= limits.steps &&
    questions <= limits.questions &&
    reverifications <= limits.reverifications &&
    effects <= limits.effects &&
    failures <= rules.retry.failuresInARow &&
    (rules.progress.metric === undefined || fruitless < fruitlessSteps(rules)) &&
    activeMs < limits.activeMs &&
    activeMs + waitMs < limits.deadlineMs &&
    activeMs + waitMs + parkedMs < waitMsMax &&
    isAffordable(rules, forfeits, "tokens") &&
    isAffordable(rules, forfeits, "costMicroUsd")
  );
}
