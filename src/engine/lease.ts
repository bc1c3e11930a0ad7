import type { EngineCore } from "./core.ts";
import { describeOwner, isSurelyDead } from "./owner.ts";
import { runError } from "./run-record.ts";

const busy = (runId: string, by: string) =>
  runError(
    runId,
    `run ${runId} is being moved by ${by}`,
    `wait for it, or end it with: loopwright abort ${runId}`,
    "busy",
  );

/** Takes the lease; that of an owner who is surely dead is taken away first. */
function acquire({ store, clock, owner, leaseMs }: EngineCore, runId: string): number {
  const request = { runId, owner, now: clock.now(), ttlMs: leaseMs };
  let answer = store.acquire(request);
  if ("heldBy" in answer && isSurelyDead(answer.heldBy.owner)) {
    store.release({ runId, owner: answer.heldBy.owner, epoch: answer.heldBy.epoch });
    answer = store.acquire(request);
  }
  if ("lease" in answer) return answer.lease.epoch;
  throw busy(runId, describeOwner(answer.heldBy.owner));
}

/** A parked run of this engine is let go of, so that it can be opened anew. Refuses one that moves. */
async function letGo({ host, store }: EngineCore, runId: string): Promise<void> {
  if (!host.holds(runId)) return;
  if (store.run(runId)?.status === "running") throw busy(runId, "this engine");
  await host.pause(runId);
}

/**
 * Opens a run under its lease, one opening at a time; where that fails, the lease is given back. Refuses (`busy`) a run
 * that somebody moves.
 */
export async function underLease<T>(
  core: EngineCore,
  runId: string,
  open: (epoch: number) => Promise<T>,
): Promise<T> {
  if (core.opening.has(runId)) throw busy(runId, "this engine");
  core.opening.add(runId);
  try {
    await letGo(core, runId);
    const epoch = acquire(core, runId);
    try {
      return await open(epoch);
    } catch (error) {
      core.store.release({ runId, owner: core.owner, epoch });
      throw error;
    }
  } finally {
    core.opening.delete(runId);
  }
}
