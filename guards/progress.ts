import { z } from "zod";

/**
 * When is a run stuck? `patience` steps without progress bring a nudge, as many again a person. Progress is a better
 * best of the metric that a verifier reports; without one it is anything new: verdict, tree or results.
 */
export const ProgressRules = z.strictObject({
  metric: z
    .strictObject({ name: z.string().min(1), direction: z.enum(["lower", "higher"]).default("lower") })
    .optional(),
  /** Steps. It is granted twice, so half of what a person would call stuck. */
  patience: z.int().min(1).max(1_000_000).default(4),
});
export type ProgressRules = z.infer<typeof ProgressRules>;

/** Failures remembered, to know one that comes back. */
const failuresMax = 8;

/** Steps that a failure costs: a new one teaches something, one that came back was not listened to. */
const failureCost = { fresh: 1, sameAnswer: 2, sameAttempt: 3 };

/** The share of the patience that a run has in which nothing has worked yet. */
const untriedShare = 3 / 4;

const FruitlessStep = z.strictObject({ asked: z.string().nullable(), results: z.string().nullable() });
type FruitlessStep = z.infer<typeof FruitlessStep>;

/** What is remembered of the steps so far. */
export const ProgressState = z.strictObject({
  best: z.number().nullable(),
  /** Steps without progress. */
  since: z.int().min(0),
  nudged: z.boolean(),
  /** What the last step came to that was not fruitless. */
  last: z.string().nullable(),
  /** The fruitless steps since then, oldest first. */
  failures: z.array(FruitlessStep).max(failuresMax),
});
export type ProgressState = z.infer<typeof ProgressState>;

/** Nothing done yet. */
export const initialProgress: ProgressState = {
  best: null,
  since: 0,
  nudged: false,
  last: null,
  failures: [],
};

/**
 * What one step came to, as digests; `null`: it says nothing about it. `empty`: nothing was done, or all of it failed,
 * and then `results` is the failure's fingerprint. `asked` is the digest of its actions.
 */
export type ProgressObservation = {
  metric: number | null;
  verdict: string | null;
  tree: string | null;
  results: string | null;
  asked?: string | null;
  empty: boolean;
};

/** Takes in one step. A metric that is no finite number counts as none. */
export function nextProgress(
  state: ProgressState,
  observation: ProgressObservation,
  rules: ProgressRules,
): ProgressState {
  if (rules.metric !== undefined) return afterMeasure(state, observation.metric, rules.metric.direction);
  const { verdict, results, empty, asked = null } = observation;
  const isFruitless = empty || (verdict === null && results === null);
  return isFruitless ? afterFruitless(state, { asked, results }) : afterOutcome(state, observation);
}

function afterMeasure(
  state: ProgressState,
  metric: number | null,
  direction: "lower" | "higher",
): ProgressState {
  const { best } = state;
  const isMeasured = metric !== null && Number.isFinite(metric);
  const isBetter = isMeasured && (best === null || (direction === "lower" ? metric < best : metric > best));
  return isBetter
    ? { ...state, best: metric, since: 0, nudged: false }
    : { ...state, since: state.since + 1 };
}

function afterFruitless(state: ProgressState, failure: FruitlessStep): ProgressState {
  const since = state.since + failureCost[kindOf(state.failures, failure)];
  return { ...state, since, failures: [...state.failures, failure].slice(-failuresMax) };
}

function kindOf(failures: FruitlessStep[], { asked, results }: FruitlessStep): keyof typeof failureCost {
  if (results === null) return "fresh";
  if (failures.some((earlier) => earlier.asked === asked && earlier.results === results))
    return "sameAttempt";
  return failures.at(-1)?.results === results ? "sameAnswer" : "fresh";
}

function afterOutcome(
  state: ProgressState,
  { verdict, tree, results, asked }: ProgressObservation,
): ProgressState {
  // Looking somewhere else is a way on even if it looks the same there; another attempt that fails the same is not.
  const last = JSON.stringify([verdict === null ? (asked ?? null) : null, verdict, tree, results]);
  if (last === state.last) return { ...state, since: state.since + 1 };
  return { ...state, since: 0, nudged: false, last, failures: [] };
}

/** The agent was told: patience once more, and then a person. */
export const acknowledgeProgress = (state: ProgressState): ProgressState => ({ ...state, nudged: true });

/** A person lets the run go on: patience starts afresh, the best stays. */
export const calmProgress = (state: ProgressState): ProgressState => ({
  ...initialProgress,
  best: state.best,
});

type Input = { state: ProgressState; rules: ProgressRules };

const isUntried = ({ state, rules }: Input): boolean => rules.metric === undefined && state.last === null;

const patienceOf = (input: Input): number =>
  isUntried(input) ? Math.ceil(input.rules.patience * untriedShare) : input.rules.patience;

/** Should the agent be told that it gets nowhere? Once for each stretch without progress. */
export const shouldNudgeProgress = (input: Input): boolean =>
  !input.state.nudged && input.state.since >= patienceOf(input);

/** Must a person look? Yes when patience ran out a second time, after the nudge. */
export const isStuck = (input: Input): boolean =>
  input.state.nudged && input.state.since >= 2 * patienceOf(input);
