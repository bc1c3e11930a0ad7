import type { JournalEvent } from "../../machines/events.ts";
import type { Snapshot } from "../host/fold.ts";
import type { HostOptions } from "../host/host.ts";
import type { JournalRow, RunRecord } from "../ports/store.ts";
import type { EngineCore } from "./core.ts";
import { endOf, releasedEnd } from "./end.ts";
import { beginLeg, failRun, type HeldRun, restRun } from "./held-run.ts";
import { journalEvent } from "./reading.ts";
import { runError } from "./run-record.ts";
import { tidy } from "./tidy.ts";
import { hasWord } from "./words.ts";

type Watched = Pick<EngineCore, "store" | "clock" | "feed" | "runs" | "inspection" | "tidying">;

/** A run that was stopped at a limit can go on when the limit is raised; every other end is final. */
const isFinal = ({ snapshot: { context } }: HeldRun): boolean => context.outcome?.reason !== "limit";

/** A run has ended: what it no longer needs is given back. */
function retire(watched: Watched, run: HeldRun): void {
  if (!isFinal(run)) return;
  if (watched.runs.get(run.runId) === run) watched.runs.delete(run.runId);
  tidy(watched, () => run.session?.close());
}

/** Tells whoever watches what a row led to, and whether the run rests there. */
function onRow(watched: Watched, run: HeldRun, row: JournalRow): void {
  const { store, feed, inspection } = watched;
  const { contract, snapshot, runId } = run;
  const event = JSON.parse(row.event) as JournalEvent;
  const record = store.run(runId)!;
  // A word that is already on its way may move a parked run on.
  const rests = record.status === "ended" || (record.status === "parked" && !hasWord(store, runId));
  beginLeg(run);
  if (event.type !== "run.started" && event.type !== "run.continued") inspection.row(runId, event, snapshot);
  feed.publish(runId, journalEvent(contract, row, { event, snapshot }));
  if (rests) rest(watched, run, record);
}

function rest(watched: Watched, run: HeldRun, record: RunRecord): void {
  restRun(run, endOf(watched.store, record, run.snapshot));
  watched.feed.publish(run.runId, null);
  if (record.status === "ended") retire(watched, run);
}

function onRelease(
  { store, feed }: Watched,
  run: HeldRun,
  why: "interrupted" | "lost",
  error: unknown,
): void {
  if (error !== undefined) failRun(run, error);
  else restReleased(store, run, why);
  feed.publish(run.runId, null);
}

/** Whoever waits is told in any case, also when the store cannot say how the run stands. */
function restReleased(store: EngineCore["store"], run: HeldRun, why: "interrupted" | "lost"): void {
  const { runId, snapshot } = run;
  try {
    const record = store.run(runId);
    if (record !== null) restRun(run, releasedEnd(store, record, snapshot, why));
    else failRun(run, runError(runId, `run ${runId} could not be started`, "start it again", "busy"));
  } catch (error) {
    failRun(run, error);
  }
}

/** What the host tells the engine about the runs that it moves. */
export function watching(watched: Watched): Pick<HostOptions, "onRow" | "onOutput" | "onRelease"> {
  const { clock, feed, runs } = watched;
  return {
    onRow(runId: string, row: JournalRow, snapshot: Snapshot) {
      const run = runs.get(runId);
      if (run === undefined) return;
      run.snapshot = snapshot;
      onRow(watched, run, row);
    },
    onOutput: (runId, source, text) =>
      feed.publish(runId, { kind: "output", runId, at: clock.now(), source, text }),
    onRelease(runId, why, error) {
      const run = runs.get(runId);
      if (run !== undefined && !run.resting) onRelease(watched, run, why, error);
    },
  };
}
