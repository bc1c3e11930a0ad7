import type { Draft } from "immer";
import { nextProgress, type ProgressRules } from "../guards/progress.ts";
import type { Verdict } from "../guards/verify.ts";
import type { LoopState } from "./state.ts";

type State = Draft<LoopState>;

/** Takes in what the verifiers said; the tree they saw is where the workspace is. */
export function recordVerdict(
  state: State,
  params: { verdict: Verdict; fingerprint: string; score: number | null },
): void {
  state.verdict = params.verdict;
  state.workspace.start = params.verdict.tree;
  if (state.step === null) return;
  state.step.score = params.score;
  state.step.verdict = params.fingerprint;
  state.step.tree = params.verdict.tree;
}

/** Remembers the tree with the best score, ties going to the later one unless `strict`. */
export function keepBest(
  state: State,
  params: { score: number | null; lowerIsBetter: boolean; strict: boolean },
): void {
  const { score, lowerIsBetter, strict } = params;
  const tree = state.verdict?.tree ?? null;
  if (score === null || tree === null) return;
  const best = state.workspace.bestScore;
  const gain = best === null ? 1 : lowerIsBetter ? best - score : score - best;
  if (gain > 0 || (gain === 0 && !strict)) Object.assign(state.workspace, { best: tree, bestScore: score });
}

/** A verdict given before the run was parked proves nothing any more. */
export function voidVerdict(state: State): void {
  state.verdict = null;
}

/** Chooses the tree the next turn starts from, after a failed verification. */
export function chooseStart(state: State, { to }: { to: "best" | "base" | "here" }): void {
  const { workspace } = state;
  if (to === "best") workspace.start = workspace.best ?? workspace.base;
  if (to === "base") workspace.start = workspace.base;
}

/** The score of the tree the run started from: what later steps are measured against. */
export function measureBaseline(
  state: State,
  params: { score: number | null; tree: string | null; fingerprint: string; rules: ProgressRules },
): void {
  const { score, tree, fingerprint: verdict, rules } = params;
  state.workspace.best = tree;
  state.workspace.bestScore = score;
  const observation = { metric: score, verdict, tree, results: null, empty: false };
  state.progress = nextProgress(state.progress, observation, rules);
}
