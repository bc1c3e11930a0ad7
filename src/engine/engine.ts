import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { defaultStoreFile, stateDirectory } from "../base/paths.ts";
import { systemClock } from "../base/system-clock.ts";
import { createHost, leaseMsDefault } from "../host/host.ts";
import type { ProcessRunner } from "../ports/process.ts";
import type { GrantRow, Store } from "../ports/store.ts";
import { clearLeftovers, openProcesses } from "../process/index.ts";
import { openSqliteStore } from "../store/index.ts";
import { abortRun } from "./aborting.ts";
import { changesBetween } from "./changes.ts";
import type { EngineCore } from "./core.ts";
import { embedRun } from "./embedding.ts";
import { createFeed } from "./feed.ts";
import { handleOf } from "./handle.ts";
import { createInspection, type InspectorSink } from "./inspection.ts";
import { chartOf } from "./machine.ts";
import { ownerName } from "./owner.ts";
import { resumeRun } from "./resuming.ts";
import { movableRecord, recordOf } from "./run-record.ts";
import { startRun } from "./starting.ts";
import { statusReport } from "./status.ts";
import { storedSnapshot } from "./stored.ts";
import type { Engine } from "./types.ts";
import { verifyLog } from "./verify-log.ts";
import { watching } from "./watching.ts";

export type EngineOptions = {
  /** A store, or the file of one. Default: `LOOPWRIGHT_STORE`, else the user's state directory. */
  store?: Store | string;
  clock?: Clock;
  /** Runs child processes. Default: under a supervisor that kills them with this process. */
  processes?: ProcessRunner & { close(): Promise<void> };
  /** Where scratch directories of runs lie. Default: the user's state directory. */
  stateDirectory?: string;
  /** Tells genuine grants from rows that somebody wrote. Default: none is genuine, so every question stays open. */
  isGenuine?: (grant: GrantRow) => boolean;
  /** Milliseconds that a run's lease lasts without a heartbeat. Default 15,000. */
  leaseMs?: number;
  /** An inspector of `@statelyai/inspect` that watches every run. Default: none. */
  inspector?: InspectorSink;
};

type Opened = EngineCore & { processes: ProcessRunner & { close(): Promise<void> } };

const storeOf = ({ store = defaultStoreFile() }: EngineOptions): Store =>
  typeof store === "object" ? store : openSqliteStore({ file: store });

/** Opens everything that an engine stands on; what dead hosts left behind is cleared first. */
async function openCore(options: EngineOptions): Promise<Opened> {
  const { clock = systemClock, leaseMs = leaseMsDefault, isGenuine = () => false } = options;
  const base = options.stateDirectory ?? stateDirectory();
  const registryDirectory = join(base, "hosts");
  const store = storeOf(options);
  await clearLeftovers(registryDirectory);
  const hidden = store.durable ? [store.location] : [];
  const owner = ownerName();
  const watched = {
    store,
    clock,
    feed: createFeed(),
    inspection: createInspection(options.inspector),
    runs: new Map(),
    tidying: new Set<Promise<void>>(),
  };
  return {
    ...watched,
    owner,
    leaseMs,
    isGenuine,
    stateDirectory: base,
    processes: options.processes ?? openProcesses({ registryDirectory, hidden }),
    opening: new Set(),
    embedded: new Map(),
    host: createHost({ store, clock, owner, leaseMs, ...watching(watched) }),
  };
}

/** Lets go of all runs, then of everything below them; what fails on the way does not keep the rest open. */
async function closeCore({ host, processes, store, tidying, embedded, owner }: Opened): Promise<void> {
  try {
    await host.close();
    for (const [runId, epoch] of embedded) store.release({ runId, owner, epoch });
    await Promise.all(tidying);
  } finally {
    await processes.close().finally(() => store.close());
  }
}

/** Opens the engine: store, processes, host. Clears what dead hosts left behind. Throws `LoopwrightError`. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const core = await openCore(options);
  const { store, clock } = core;
  let closing: Promise<void> | null = null;

  const engine: Engine = {
    store,
    start: async (contract, start) => handleOf(core, engine, await startRun(core, contract, start)),
    resume: async (runId, resume = {}) => handleOf(core, engine, await resumeRun(core, runId, resume)),
    embed: async (contract, start) => embedRun(core, contract, start),
    list: (filter) => store.runs(filter),
    status(runId, contract) {
      const record = movableRecord(core, runId);
      const snapshot = storedSnapshot(store, record, chartOf(contract.rules).fold);
      return statusReport({ store, record, snapshot, contract, now: clock.now() });
    },
    changes: (runId, contract, contractFile) =>
      changesBetween(store, recordOf(core, runId), contract, contractFile),
    async abort(runId, words) {
      await abortRun(core, runId, words);
    },
    verifyLog: (runId, contract) => verifyLog(store, recordOf(core, runId), chartOf(contract.rules).fold),
    close() {
      closing ??= closeCore(core);
      return closing;
    },
  };
  return engine;
}
