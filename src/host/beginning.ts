import type { Origin } from "../../machines/events.ts";
import type { RunRecord } from "../ports/store.ts";
import { commitOf } from "./commit.ts";
import { accept } from "./committing.ts";
import { guarded, release } from "./holding.ts";
import type { Hub } from "./hub.ts";
import { createRun, type RunParts } from "./run.ts";

/** A run to be begun or gone on with, and the epoch of the lease under which it is held. */
export type Opening = { record: RunRecord; epoch: number; parts: RunParts };

/**
 * Starts a run, or a new machine over the memory of an old one, whose timers go. The first row is durable when it
 * returns. Throws when the store fails; a run that another host has is let go of.
 */
export function beginRun(hub: Hub, { record, epoch, parts }: Opening, origin: Origin): void {
  const { store, active } = hub;
  const run = createRun(store, { ...parts, record, epoch, snapshot: null });
  const folded = parts.fold.begin(origin);
  const { timers, ...rest } = commitOf(run, { event: origin, at: origin.at, folded });
  const { contractDigest, chartDigest } = record;
  const commit = {
    ...rest,
    timers: { ...timers, clear: store.timers(record.id).map(({ id }) => id) },
    ...(record.length === 0 ? { create: record } : { digests: { contractDigest, chartDigest } }),
  };
  const [result] = store.commit([commit], { sync: true });
  if (result?.ok !== true) {
    release(hub, run, "lost");
    return;
  }
  active.set(record.id, run);
  guarded(hub, run, () => accept(hub, run, { folded, commit }));
  hub.wake();
}
