import type { Opening } from "./beginning.ts";
import type { Hub } from "./hub.ts";
import { hear } from "./inbox.ts";
import { enqueue, stampOf } from "./queue.ts";
import { type ActiveRun, createRun, type Queued } from "./run.ts";
import { arm, overdue } from "./timers.ts";

/**
 * What happened while nobody looked, in the order in which it happened: words of people, and timers that came due.
 * All of it is folded now: what it starts begins now, not when it was said.
 */
function missed(hub: Hub, run: ActiveRun): Queued[] {
  const { store, clock } = hub;
  const now = clock.now();
  const words = store.directives([run.record.id]).map((row) => ({ at: row.at, item: hear(run, row) }));
  const timers = store.timers(run.record.id);
  for (const timer of timers) if (timer.dueAt > now) arm(hub, run, timer);
  const due = timers
    .filter(({ dueAt }) => dueAt <= now)
    .map((timer) => ({ at: timer.dueAt, item: overdue(hub, run, timer) }));
  return [...words, ...due].sort((a, b) => a.at - b.at).flatMap(({ item }) => item ?? []);
}

/**
 * Goes on with a run of the store: what was in flight is lost, and the chart is told so before it hears what it missed.
 * Throws, and holds nothing, when the store or the snapshot cannot be read.
 */
export function recoverRun(hub: Hub, { record, epoch, parts }: Opening): void {
  const { store, clock, active } = hub;
  const snapshot = parts.fold.read(store.snapshot(record.id)!);
  const run = createRun(store, { ...parts, record, epoch, snapshot });
  const items = missed(hub, run);
  active.set(record.id, run);
  enqueue(hub, run, { event: { type: "host.recovered", ...stampOf(clock) } });
  for (const item of items) enqueue(hub, run, item);
}
