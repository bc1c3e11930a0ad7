import type { CommitResult } from "../ports/store.ts";
import { mustSync } from "./commit.ts";
import { type Change, nextChange } from "./folding.ts";
import { guarded, release, rest } from "./holding.ts";
import type { Hub } from "./hub.ts";
import { cancelUnawaited, perform } from "./performing.ts";
import { stampOf } from "./queue.ts";
import type { ActiveRun } from "./run.ts";
import { arm, disarm } from "./timers.ts";

type Step = { run: ActiveRun; change: Change };

function nextStep(hub: Hub, run: ActiveRun): Step[] {
  const change = guarded(hub, run, () => nextChange(run, hub.clock));
  return change === null ? [] : [{ run, change }];
}

/** Writes all folds in one transaction; where that fails nothing of them happened, and their runs are let go of. */
function write(hub: Hub, steps: readonly Step[]): CommitResult[] {
  const commits = steps.map(({ change }) => change.commit);
  try {
    return hub.store.commit(commits, { sync: commits.some(mustSync) });
  } catch (error) {
    for (const { run } of steps) release(hub, run, "interrupted", error);
    return [];
  }
}

/** The fold stands: the cache follows the store, and what it asked for is performed. */
export function accept(hub: Hub, run: ActiveRun, { folded, commit }: Change): void {
  const { row, timers, status, state, outcome } = commit;
  run.snapshot = folded.snapshot;
  run.hash = row.hash;
  run.record = { ...run.record, length: row.seq, updatedAt: row.at, status, state, outcome };
  for (const id of timers.clear) disarm(run, id);
  for (const timer of timers.set) arm(hub, run, timer);
  cancelUnawaited(run, folded.snapshot.context.call?.id);
  hub.onRow(run.record.id, row, folded.snapshot);
  for (const call of folded.calls) perform(hub, run, call);
}

/** The fold stands, or never happened: then the chart hears why, unless another host has the run. */
function conclude(hub: Hub, { run, change }: Step, result: CommitResult): void {
  if (result.ok) accept(hub, run, change);
  else if (result.refused === "stale") release(hub, run, "lost");
  else
    run.queue.unshift({
      event: { type: "commit.refused", ...stampOf(hub.clock), reason: result.refused },
    });
}

/** One fold of each run that has an event, all in one transaction; only then what they asked for. */
export function flush(hub: Hub): void {
  const steps = [...hub.active.values()].flatMap((run) => nextStep(hub, run));
  const results = steps.length === 0 ? [] : write(hub, steps);
  for (const [i, result] of results.entries()) {
    const step = steps[i]!;
    guarded(hub, step.run, () => conclude(hub, step, result));
  }
  for (const run of [...hub.active.values()]) rest(hub, run);
  if ([...hub.active.values()].some((run) => run.queue.length > 0)) hub.wake();
}
