import type { LoopContract } from "../contract/contract.ts";
import type { Fold, Snapshot } from "../host/fold.ts";
import type { WorkspaceSession } from "../ports/workspace.ts";
import type { Inspection } from "./inspection.ts";
import { chartOf } from "./machine.ts";
import type { RunEnd } from "./types.ts";

/** One stretch of a run: from where it begins to move to where it rests. */
type Leg = { end: Promise<RunEnd>; rest: (end: RunEnd) => void; fail: (error: unknown) => void };

/** What the engine holds of a run that it moves. */
export type HeldRun = {
  readonly runId: string;
  readonly contract: LoopContract;
  readonly fold: Fold;
  readonly session: WorkspaceSession | null;
  snapshot: Snapshot;
  leg: Leg;
  /** Nothing moves it: it is parked, has ended, or was let go of. */
  resting: boolean;
};

function newLeg(): Leg {
  const { promise: end, resolve: rest, reject: fail } = Promise.withResolvers<RunEnd>();
  // Whoever waits hears of a failure; nobody has to wait.
  end.catch(() => {});
  return { end, rest, fail };
}

/** From here on the engine holds this run; an earlier hold of it is forgotten. */
export function holdRun(
  { runs, inspection }: { runs: Map<string, HeldRun>; inspection: Inspection },
  about: Omit<HeldRun, "leg" | "resting">,
): HeldRun {
  const run = { ...about, leg: newLeg(), resting: false };
  runs.set(run.runId, run);
  inspection.begin(run.runId, chartOf(run.contract.rules).machine, run.snapshot);
  return run;
}

/** A run that rested moves again, so its next end is another one. */
export function beginLeg(run: HeldRun): void {
  if (!run.resting) return;
  run.leg = newLeg();
  run.resting = false;
}

/** The run rests, and stands like this. */
export function restRun(run: HeldRun, end: RunEnd): void {
  run.resting = true;
  run.leg.rest(end);
}

/** The run cannot go on here, for this reason. */
export function failRun(run: HeldRun, error: unknown): void {
  run.resting = true;
  run.leg.fail(error);
}
