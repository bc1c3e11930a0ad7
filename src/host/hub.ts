import type { Clock } from "../base/clock.ts";
import type { JournalRow, Store } from "../ports/store.ts";
import type { Snapshot } from "./fold.ts";
import type { ActiveRun } from "./run.ts";

export type HostOptions = {
  store: Store;
  clock: Clock;
  /** Names this process among all that use the store. */
  owner: string;
  /** Milliseconds that a lease lasts without a heartbeat. */
  leaseMs?: number;
  onRow: (runId: string, row: JournalRow, snapshot: Snapshot) => void;
  onOutput: (runId: string, source: "agent" | "verifier", text: string) => void;
  /** The run was let go of: `interrupted` by us, `lost` to another host, or because of this error. Must not throw. */
  onRelease: (runId: string, why: "interrupted" | "lost", error?: unknown) => void;
};

/** What all parts of one host work with. */
export type Hub = Required<HostOptions> & {
  /** The runs that this host moves, by id. */
  active: Map<string, ActiveRun>;
  /** Folds what is queued, in the next turn of the event loop. */
  wake: () => void;
};
