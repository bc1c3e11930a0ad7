import {
  acknowledgeProgress,
  initialProgress,
  isStuck,
  nextProgress,
  ProgressRules,
  type ProgressState,
  shouldNudgeProgress,
} from "../guards/progress.ts";
import {
  acknowledgeRepetition,
  initialRepetition,
  isRepeating,
  nextRepetition,
  RepetitionRules,
  type RepetitionState,
  shouldNudgeRepetition,
} from "../guards/repetition.ts";
import type { DataSet, TracedCall, TracedRun } from "./traces.ts";

/** What a contract has that says nothing about either. */
export const defaultRules = { repetition: RepetitionRules.parse({}), progress: ProgressRules.parse({}) };

type Detectors = { repetition: RepetitionState; progress: ProgressState };
export type Detector = keyof Detectors;

/** How the loop would have dealt with a run; calls are counted from 1, `null`: never. */
export type Judgement = { nudgedAt: number | null; flaggedAt: number | null; flaggedBy: Detector | null };

/** Takes in one call as a step of the loop with one read in it: no verdict, no tree; a failed call brings no result. */
function observe({ repetition, progress }: Detectors, { tool, args, result, error }: TracedCall): Detectors {
  const action = `${tool} ${args}`;
  const results = error ? null : `${action} ${result}`;
  const step = { metric: null, verdict: null, tree: null, results, empty: false };
  return {
    repetition: nextRepetition(repetition, { tool, action, result }, defaultRules.repetition),
    progress: nextProgress(progress, step, defaultRules.progress),
  };
}

const withRules = ({ repetition, progress }: Detectors) => ({
  repetition: { state: repetition, rules: defaultRules.repetition },
  progress: { state: progress, rules: defaultRules.progress },
});

/** Who stops the loop before its next turn, if anybody, in the order in which the loop asks. */
function whoStops(detectors: Detectors): Detector | null {
  const { repetition, progress } = withRules(detectors);
  if (isRepeating(repetition)) return "repetition";
  return isStuck(progress) ? "progress" : null;
}

/** Tells the agent, as the loop would before its next turn; `null` where there is nothing to tell. */
function nudge(detectors: Detectors): Detectors | null {
  const { repetition, progress } = withRules(detectors);
  if (shouldNudgeRepetition(repetition)) {
    return { ...detectors, repetition: acknowledgeRepetition(detectors.repetition) };
  }
  return shouldNudgeProgress(progress)
    ? { ...detectors, progress: acknowledgeProgress(detectors.progress) }
    : null;
}

/** Replays a recorded run through both detectors, one call a step, until the loop would ask a person. */
export function judgeRun({ calls }: TracedRun): Judgement {
  let detectors: Detectors = { repetition: initialRepetition, progress: initialProgress };
  let nudgedAt: number | null = null;
  for (const [index, call] of calls.entries()) {
    detectors = observe(detectors, call);
    const flaggedBy = whoStops(detectors);
    if (flaggedBy !== null) return { nudgedAt, flaggedAt: index + 1, flaggedBy };
    const nudged = nudge(detectors);
    if (nudged !== null) nudgedAt ??= index + 1;
    detectors = nudged ?? detectors;
  }
  return { nudgedAt, flaggedAt: null, flaggedBy: null };
}

/** What stopping a run of this label means: it ran in circles, it ended well, or neither is known. */
const meanings: Readonly<Record<string, "caught" | "falselyStopped">> = {
  stuck: "caught",
  halted: "caught",
  succeeded: "falselyStopped",
  resolved: "falselyStopped",
  correct: "falselyStopped",
};

/** Figures of one label of one data set; `caught` and `falselyStopped` are `null` where flagging means neither. */
export type Row = {
  dataSet: string;
  label: string;
  runs: number;
  flagged: number;
  caught: number | null;
  falselyStopped: number | null;
  byRepetition: number;
  byProgress: number;
  nudged: number;
  medianCall: number | null;
};

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function rowOf(dataSet: string, label: string, runs: readonly TracedRun[]): Row {
  const judgements = runs.map(judgeRun);
  const flagged = judgements.filter(({ flaggedAt }) => flaggedAt !== null);
  const by = (detector: Detector) => flagged.filter(({ flaggedBy }) => flaggedBy === detector).length;
  return {
    dataSet,
    label,
    runs: runs.length,
    flagged: flagged.length,
    caught: meanings[label] === "caught" ? flagged.length : null,
    falselyStopped: meanings[label] === "falselyStopped" ? flagged.length : null,
    byRepetition: by("repetition"),
    byProgress: by("progress"),
    nudged: judgements.filter(({ nudgedAt }) => nudgedAt !== null).length,
    medianCall: median(flagged.map(({ flaggedAt }) => flaggedAt!)),
  };
}

/** Judges every run of a data set, one row a label. */
export function judgeDataSet({ name, runs }: DataSet): Row[] {
  const byLabel = Map.groupBy(runs, ({ label }) => label);
  return [...byLabel].map(([label, labelled]) => rowOf(name, label, labelled));
}
