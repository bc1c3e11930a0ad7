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
import type { Call } from "./traces.ts";

export type Replay = {
  /** The call, counted from 1, before whose successor the loop would have asked a person; `null`: never. */
  flaggedAt: number | null;
  by: "repetition" | "progress" | null;
  nudgedAt: number | null;
};

type Detectors = { repetition: RepetitionState; progress: ProgressState };

const repetitionRules = RepetitionRules.parse({});
const progressRules = ProgressRules.parse({});

/** One call as the loop sees a step with one read: no verdict, no tree; a failed call leaves the step empty. */
function observe({ repetition, progress }: Detectors, { tool, args, result, error }: Call): Detectors {
  const action = `${tool} ${args}`;
  const call = { tool, action, result: error ? `failed ${result}` : result };
  const step = { metric: null, verdict: null, tree: null, results: result, asked: action, empty: error };
  return {
    repetition: nextRepetition(repetition, call, repetitionRules),
    progress: nextProgress(progress, step, progressRules),
  };
}

/** What the loop asks before each step, in its order. */
function decide({ repetition, progress }: Detectors): Pick<Replay, "by"> & { nudge: keyof Detectors | null } {
  const ofRepetition = { state: repetition, rules: repetitionRules };
  const ofProgress = { state: progress, rules: progressRules };
  if (isRepeating(ofRepetition)) return { by: "repetition", nudge: null };
  if (isStuck(ofProgress)) return { by: "progress", nudge: null };
  if (shouldNudgeRepetition(ofRepetition)) return { by: null, nudge: "repetition" };
  return { by: null, nudge: shouldNudgeProgress(ofProgress) ? "progress" : null };
}

const acknowledge = ({ repetition, progress }: Detectors, nudge: keyof Detectors | null): Detectors => ({
  repetition: nudge === "repetition" ? acknowledgeRepetition(repetition) : repetition,
  progress: nudge === "progress" ? acknowledgeProgress(progress) : progress,
});

/** Plays a recorded run to the detectors under the default rules. The recorded agent, of course, heard no nudge. */
export function replay(calls: readonly Call[]): Replay {
  let detectors: Detectors = { repetition: initialRepetition, progress: initialProgress };
  let nudgedAt: number | null = null;
  for (const [index, call] of calls.entries()) {
    detectors = observe(detectors, call);
    const { by, nudge } = decide(detectors);
    if (by !== null) return { flaggedAt: index + 1, by, nudgedAt };
    if (nudge !== null) nudgedAt ??= index + 1;
    detectors = acknowledge(detectors, nudge);
  }
  return { flaggedAt: null, by: null, nudgedAt };
}
