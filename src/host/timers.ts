import type { JournalEvent } from "../../machines/events.ts";
import type { Hub } from "./hub.ts";
import { enqueue, stampOf } from "./queue.ts";
import type { ActiveRun, Armed, Queued } from "./run.ts";

type Due = { id: string; dueAt: number };

/** What a timer raises. A clock that fires a little early does not make it early. */
const raise = ({ clock }: Hub, { id, dueAt }: Due, timer: Armed): Queued => {
  const { at, random } = stampOf(clock);
  return { event: { type: id, at: Math.max(at, dueAt), random } as JournalEvent, timer };
};

/** Arms a timer in place of the one with the same id. */
export function arm(hub: Hub, run: ActiveRun, due: Due): void {
  disarm(run, due.id);
  const timer: Armed = { cancel: () => {} };
  run.timers.set(due.id, timer);
  timer.cancel = hub.clock.after(due.dueAt - hub.clock.now(), () =>
    enqueue(hub, run, raise(hub, due, timer)),
  );
}

/** A timer that came due while nobody looked: what it raises. It counts until its state is left, like any other. */
export function overdue(hub: Hub, run: ActiveRun, due: Due): Queued {
  const timer: Armed = { cancel: () => {} };
  run.timers.set(due.id, timer);
  return raise(hub, due, timer);
}

export function disarm(run: ActiveRun, id: string): void {
  run.timers.get(id)?.cancel();
  run.timers.delete(id);
}

/** Does this come from a timer that has since been cleared, or set anew? */
export const isStale = (run: ActiveRun, { event, timer }: Queued): boolean =>
  timer !== undefined && run.timers.get(event.type) !== timer;
