import type { Clock } from "../base/clock.ts";
import type { Host } from "../host/host.ts";
import type { ProcessRunner } from "../ports/process.ts";
import type { Store } from "../ports/store.ts";
import type { Feed } from "./feed.ts";
import type { HeldRun } from "./held-run.ts";
import type { Inspection } from "./inspection.ts";
import type { RunScope } from "./performers/run-scope.ts";

/** What all parts of one engine work with. */
export type EngineCore = {
  store: Store;
  clock: Clock;
  /** Names this engine among all that use the store. */
  owner: string;
  /** Milliseconds that a lease lasts without a heartbeat. */
  leaseMs: number;
  /** Where scratch directories of runs lie. */
  stateDirectory: string;
  processes: ProcessRunner;
  isGenuine: RunScope["isGenuine"];
  feed: Feed;
  inspection: Inspection;
  host: Host;
  /** Runs that this engine moves, or has moved and could go on with. */
  runs: Map<string, HeldRun>;
  /** Ids of runs that are being opened: one at a time. */
  opening: Set<string>;
  /** Epochs of the runs that are lent to machines elsewhere, by id; their leases are given back when the engine closes. */
  embedded: Map<string, number>;
  /** Workspaces that are being tidied up. */
  tidying: Set<Promise<void>>;
};
