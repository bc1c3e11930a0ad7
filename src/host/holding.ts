import { isDispatching } from "./fold.ts";
import type { Hub } from "./hub.ts";
import type { ActiveRun } from "./run.ts";

/** Gives the lease back; where the store fails, it runs out by itself. */
function giveBack({ store, owner }: Hub, { record, epoch }: ActiveRun): void {
  try {
    store.release({ runId: record.id, owner, epoch });
  } catch {}
}

function forget({ active }: Hub, run: ActiveRun): void {
  if (active.get(run.record.id) === run) active.delete(run.record.id);
  for (const { controller } of run.pending.values()) controller.abort();
  for (const { cancel } of run.timers.values()) cancel();
  run.gone.resolve();
}

/** Lets go of a run: its calls are cancelled, and nothing more of it is folded. After an error the lease is kept until it runs out. */
export function release(hub: Hub, run: ActiveRun, why: "interrupted" | "lost", error?: unknown): void {
  forget(hub, run);
  if (why === "interrupted" && error === undefined) giveBack(hub, run);
  hub.onRelease(run.record.id, why, error);
}

/** Does something with a run; where that throws, the run is let go of with the error, and no other is touched. */
export function guarded<T>(hub: Hub, run: ActiveRun, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    release(hub, run, "interrupted", error);
    return null;
  }
}

/** A run that is asked to pause is let go of once no dispatch is under way; one that has ended, once nothing of it is in flight. */
export function rest(hub: Hub, run: ActiveRun): void {
  if (run.queue.length > 0) return;
  if (run.pausing) {
    if (!isDispatching(run.snapshot!)) release(hub, run, "interrupted");
  } else if (run.record.status === "ended" && run.pending.size === 0) {
    forget(hub, run);
    giveBack(hub, run);
  }
}

/** Begins to let go of a run: what is no dispatch is cancelled at once. Settles when it is let go of. */
export function pauseRun(hub: Hub, run: ActiveRun): Promise<void> {
  run.pausing = true;
  for (const { name, controller } of run.pending.values()) if (name !== "execute") controller.abort();
  hub.wake();
  return run.gone.promise;
}

/** Extends the leases of all runs, and lets go of those that another host has taken. */
export function heartbeat(hub: Hub): void {
  const { store, owner, clock, leaseMs, active } = hub;
  if (active.size === 0) return;
  const held = new Set(store.renew({ runIds: [...active.keys()], owner, now: clock.now(), ttlMs: leaseMs }));
  for (const run of [...active.values()]) if (!held.has(run.record.id)) release(hub, run, "lost");
}
