import type { Origin } from "../../machines/events.ts";
import type { RunRecord } from "../ports/store.ts";
import { beginRun } from "./beginning.ts";
import { flush } from "./committing.ts";
import { heartbeat, pauseRun } from "./holding.ts";
import type { HostOptions, Hub } from "./hub.ts";
import { pollInbox } from "./inbox.ts";
import { oncePerTurn } from "./queue.ts";
import { recoverRun } from "./recovering.ts";
import type { RunParts } from "./run.ts";

export type { HostOptions } from "./hub.ts";

/** Milliseconds a lease lasts without a heartbeat; another host may take the run afterwards. */
export const leaseMsDefault = 15_000;
/** Milliseconds between looks into the inbox. */
const pollMs = 250;

export type Host = {
  /** Starts a run, or a new machine over the memory of an old one. The first row is durable when it returns. */
  begin(record: RunRecord, epoch: number, parts: RunParts, origin: Origin): void;
  /** Goes on with a run of the store: what was in flight is lost and the chart is told so. */
  recover(record: RunRecord, epoch: number, parts: RunParts): void;
  /** Looks into the inbox now rather than at the next poll. */
  poll(): void;
  /** Lets go of a run: calls are cancelled, a dispatch under way is waited for until it answers or is given up. */
  pause(runId: string): Promise<void>;
  holds(runId: string): boolean;
  close(): Promise<void>;
};

/** A store that fails in the background must not end the process: the next commit reports it. */
const quietly = (work: () => void) => () => {
  try {
    work();
  } catch {}
};

/** Does this again and again, without keeping the process alive; returns what stops it. */
function repeat(work: () => void, everyMs: number): () => void {
  const interval = setInterval(quietly(work), everyMs);
  interval.unref();
  return () => clearInterval(interval);
}

/**
 * Moves runs: folds one event of each at a time, commits all folds of a turn of the event loop in one transaction,
 * and only then performs what they asked for. A fold is refused by the store or stands; nothing is performed without it.
 */
export function createHost(options: HostOptions): Host {
  const { leaseMs = leaseMsDefault } = options;
  const hub: Hub = { ...options, leaseMs, active: new Map(), wake: oncePerTurn(() => flush(hub)) };
  const { active } = hub;
  const stops = [repeat(() => pollInbox(hub), pollMs), repeat(() => heartbeat(hub), leaseMs / 3)];

  return {
    begin: (record, epoch, parts, origin) => beginRun(hub, { record, epoch, parts }, origin),
    recover: (record, epoch, parts) => recoverRun(hub, { record, epoch, parts }),
    poll: () => pollInbox(hub),
    async pause(runId) {
      const run = active.get(runId);
      if (run !== undefined) await pauseRun(hub, run);
    },
    holds: (runId) => active.has(runId),
    async close() {
      for (const stop of stops) stop();
      await Promise.all([...active.values()].map((run) => pauseRun(hub, run)));
    },
  };
}
