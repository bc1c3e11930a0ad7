import type { Clock } from "../base/clock.ts";
import type { Hub } from "./hub.ts";
import type { ActiveRun, Queued } from "./run.ts";

/** What every event that the host makes carries. */
export const stampOf = (clock: Clock): { at: number; random: number } => ({
  at: clock.now(),
  random: clock.random(),
});

/** Puts an event in line. Of a run that was let go of, nobody folds it any more. */
export function enqueue(hub: Hub, run: ActiveRun, item: Queued): void {
  run.queue.push(item);
  hub.wake();
}

/** Does the work once in the next turn of the event loop, however often it is asked to before. */
export function oncePerTurn(work: () => void): () => void {
  let scheduled = false;
  return () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      work();
    });
  };
}
