import { z } from "zod";
import { type Decision, no, yes } from "./decision.ts";

/** A number that the verifiers report, and which way it should go. */
export const Metric = z.strictObject({
  name: z.string().min(1),
  direction: z.enum(["lower", "higher"]).default("lower"),
  /** The value beyond which nothing is left to gain; from there on steps are judged by whether they bring news. */
  target: z.number().optional(),
});
export type Metric = z.infer<typeof Metric>;

/** Without a metric 4: runs that end well rarely fail three times at a stretch. With one 10: honest search misses often. */
const defaultPatience = (metric: Metric | undefined): number => (metric === undefined ? 4 : 10);

/**
 * When the loop counts as getting nowhere. With a metric, its best value so far must improve within `patience` steps.
 * Without one, a step gets somewhere when it brings news: a verdict, a workspace or a result that was not there before.
 */
export const ProgressRules = z
  .strictObject({
    metric: Metric.optional(),
    /** Fruitless steps before a person is asked; the agent is told at half of them. Default 10 with a metric, else 4. */
    patience: z.int().min(1).max(10_000).optional(),
    /** Verdicts, workspaces and results remembered as known. Default 32: well beyond any honest second look. */
    window: z.int().min(3).max(1_000).default(32),
  })
  .transform((rules) => ({ ...rules, patience: rules.patience ?? defaultPatience(rules.metric) }));
export type ProgressRules = z.infer<typeof ProgressRules>;

/** One finished step. A step of nothing but exempt tools is none: waiting is neither progress nor a lack of it. */
export type StepObservation = {
  /** The metric's value as the verifiers reported it; `null`: not measured in this step. */
  metric: number | null;
  /** Fingerprint of the verdict; `null`: nothing was verified. */
  verdict: string | null;
  /** Digest of the workspace after the step; `null`: there is none. */
  tree: string | null;
  /** What actions were answered, each with the action that was answered; `null`: none was, or all failed. */
  results: string | null;
  /** The turn proposed, claimed and changed nothing. */
  empty: boolean;
};

/** What the detector remembers, bounded by `window`. */
export const ProgressState = z.strictObject({
  /** The metric after this step, the best so far, and what this step was against the best before it. */
  score: z.number().nullable(),
  best: z.number().nullable(),
  change: z.enum(["better", "equal", "worse"]).nullable(),
  /** Patience used up, in steps; below zero is patience that news has earned. */
  idle: z.number(),
  /** Marks of the verdicts, workspaces and results seen last, newest last. */
  seen: z.array(z.string()).max(1_000),
  /** The agent has been told, and nothing good has come since. */
  nudged: z.boolean(),
});
export type ProgressState = z.infer<typeof ProgressState>;

/** Nothing observed, all patience left. */
export const initialProgress: ProgressState = {
  score: null,
  best: null,
  change: null,
  idle: 0,
  seen: [],
  nudged: false,
};

/** How much better `score` is than `than`, in the metric's direction; negative is worse. */
const gain = (score: number, than: number, { direction }: Metric): number =>
  direction === "lower" ? than - score : score - than;

function changeOf(
  score: number | null,
  best: number | null,
  metric: Metric | undefined,
): ProgressState["change"] {
  if (score === null || metric === undefined) return null;
  const gained = best === null ? 1 : gain(score, best, metric);
  if (gained === 0) return "equal";
  return gained > 0 ? "better" : "worse";
}

/** Is it the metric that judges the steps? Not once its target is reached: it cannot improve for ever. */
const isJudgedByMetric = (best: number | null, { metric }: ProgressRules): boolean =>
  metric !== undefined &&
  (best === null || metric.target === undefined || gain(best, metric.target, metric) < 0);

const marksOf = ({ verdict, tree, results }: StepObservation): string[] =>
  Object.entries({ verdict, tree, results }).flatMap(([kind, value]) =>
    value === null ? [] : `${kind} ${value}`,
  );

/** Came nothing at all of the step? */
const isFruitless = ({ empty, verdict, results }: StepObservation): boolean =>
  empty || (verdict === null && results === null);

/** What a step costs of the patience: 1 when nothing came of it, half when only what is known; news earns 1 back. */
function noveltyCost(observation: StepObservation, seen: readonly string[]): number {
  if (isFruitless(observation)) return 1;
  return marksOf(observation).every((mark) => seen.includes(mark)) ? 0.5 : -1;
}

function nextIdle(state: ProgressState, observation: StepObservation, rules: ProgressRules): number {
  const { patience } = rules;
  const cost = isJudgedByMetric(state.best, rules) ? 1 : noveltyCost(observation, state.seen);
  return Math.min(patience, Math.max(-patience, state.idle + cost));
}

function nextSeen(seen: readonly string[], observation: StepObservation, rules: ProgressRules): string[] {
  const marks = marksOf(observation);
  return [...seen.filter((mark) => !marks.includes(mark)), ...marks].slice(-rules.window);
}

/** Takes in one finished step, and says what it was against the best before it. */
export function nextProgress(
  state: ProgressState,
  observation: StepObservation,
  rules: ProgressRules,
): ProgressState {
  const score = rules.metric === undefined ? null : observation.metric;
  const change = changeOf(score, state.best, rules.metric);
  const better = change === "better";
  const idle = better ? Math.min(0, state.idle) : nextIdle(state, observation, rules);
  return {
    score,
    best: better ? score : state.best,
    change,
    idle,
    seen: nextSeen(state.seen, observation, rules),
    nudged: state.nudged && idle > 0,
  };
}

/** The agent is being told that it gets nowhere. */
export const acknowledgeProgress = (state: ProgressState): ProgressState => ({ ...state, nudged: true });

/** A person lets the run go on: patience starts afresh, what was reached and seen stays. */
export const calmProgress = (state: ProgressState): ProgressState => ({ ...state, idle: 0, nudged: false });

export type ProgressInput = { state: ProgressState; rules: ProgressRules };

/** May the loop go on as it does? At half the patience the agent is to be told; at its end, once told, a person asked. */
export function decideProgress({ state, rules }: ProgressInput): Decision<"nudge" | "noProgress"> {
  if (state.nudged) return state.idle >= rules.patience ? no("noProgress") : yes;
  return state.idle >= rules.patience / 2 ? no("nudge") : yes;
}

const isRefusedFor = (reason: "nudge" | "noProgress", input: ProgressInput): boolean => {
  const decision = decideProgress(input);
  return !decision.ok && decision.reason === reason;
};

/** Does the loop get nowhere although the agent was told? */
export const isStuck = (input: ProgressInput): boolean => isRefusedFor("noProgress", input);

/** Is the agent to be told that it gets nowhere? */
export const shouldNudgeProgress = (input: ProgressInput): boolean => isRefusedFor("nudge", input);
