import { z } from "zod";
import { type Decision, no, yes } from "./decision.ts";

const count = z.int().min(1);
const milliseconds = z.int().min(1);

/**
 * Caps of one run. Each is finite, counts over crash and resume, and is raised by nothing but a directive.
 * Times in milliseconds, cost in millionths of a dollar.
 */
export const Limits = z.strictObject({
  /** Turns of the agent. */
  steps: count.default(50),
  /** Time spent in calls (agent, verifiers, tools); waiting for people does not count. */
  activeMs: milliseconds.default(60 * 60_000),
  /** Wall-clock time since the start. */
  deadlineMs: milliseconds.default(24 * 60 * 60_000),
  tokens: count.default(1_000_000),
  costMicroUsd: count.default(5_000_000),
  actionsPerTurn: count.max(64).default(8),
  /** Effects applied. */
  effects: count.default(20),
  /** Questions put to people. */
  questions: count.default(10),
  /** Restarts after a crash. */
  recoveries: count.default(20),
  /** Verifications repeated because the verdict went stale. */
  reverifications: count.default(10),
});
export type Limits = z.infer<typeof Limits>;

export const LimitName = z.enum([
  "steps",
  "activeMs",
  "deadlineMs",
  "tokens",
  "costMicroUsd",
  "effects",
  "questions",
  "recoveries",
  "reverifications",
]);
export type LimitName = z.infer<typeof LimitName>;

const spentCount = z.int().min(0);

/** What a run has used up so far; the keys are those of `Limits`. */
export const Spent = z.strictObject({
  steps: spentCount,
  activeMs: spentCount,
  tokens: spentCount,
  costMicroUsd: spentCount,
  effects: spentCount,
  questions: spentCount,
  recoveries: spentCount,
  reverifications: spentCount,
});
export type Spent = z.infer<typeof Spent>;

/** What directives have added to the limits. */
export const Raise = z.partialRecord(LimitName, z.int().min(0));
export type Raise = z.infer<typeof Raise>;

/** Tokens, and cost in millionths of a dollar. */
export const Usage = z.strictObject({ tokens: spentCount, costMicroUsd: spentCount });
export type Usage = z.infer<typeof Usage>;

export type Budget = {
  limits: Limits;
  raised: Raise;
  spent: Spent;
  startedAt: number;
  now: number;
};

export type ContinueInput = Budget & {
  /** The worst case of the call about to start; `null` when the agent cannot bound a turn. */
  worst: Usage | null;
  /** Steps that the call costs: 0 when a step starts over after a crash. */
  steps: 0 | 1;
};

/** A limit with what directives added to it. */
export const limitOf = (name: LimitName, limits: Limits, raised: Raise): number =>
  limits[name] + (raised[name] ?? 0);

/** What is left of one limit, never negative. The deadline is measured from the start of the run. */
export function remainingOf(name: LimitName, input: Budget): number {
  const used = name === "deadlineMs" ? input.now - input.startedAt : input.spent[name];
  return Math.max(0, limitOf(name, input.limits, input.raised) - used);
}

/** May the next turn start? Refuses with the first limit that is used up, or that the worst case of the turn would pass. */
export function decideContinue(input: ContinueInput): Decision<LimitName> {
  const worst = input.worst ?? { tokens: 1, costMicroUsd: 1 };
  const needed: [LimitName, number][] = [
    ["steps", input.steps],
    ["deadlineMs", 1],
    ["activeMs", 1],
    ["tokens", worst.tokens],
    ["costMicroUsd", worst.costMicroUsd],
  ];
  const short = needed.find(([name, least]) => remainingOf(name, input) < least);
  return short === undefined ? yes : no(short[0]);
}

/** Is a limit used up, or too small for the worst case of the next turn? */
export const isAtLimit = (input: ContinueInput): boolean => !decideContinue(input).ok;

/** Is the run's time used up, the call in flight included? Times in milliseconds. */
export const isOutOfTime = ({ inFlightMs, ...budget }: Budget & { inFlightMs: number }): boolean =>
  remainingOf("deadlineMs", budget) === 0 || remainingOf("activeMs", budget) <= inFlightMs;

/** Is one more of this counted thing within its limit? */
export const isWithin = (input: { name: LimitName } & Budget): boolean => remainingOf(input.name, input) >= 1;
