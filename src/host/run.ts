import type { ExecuteInput } from "../../machines/calls.ts";
import type { CallName, JournalEvent } from "../../machines/events.ts";
import type { RunRecord } from "../ports/store.ts";
import type { Fold, Snapshot } from "./fold.ts";

/** Performs one call that the machine asked for. What it returns is parsed by the reply's schema; what it throws counts as broken. */
export type Performer = (input: never, context: PerformContext) => Promise<unknown>;
export type PerformContext = {
  runId: string;
  signal: AbortSignal;
  onOutput: (source: "agent" | "verifier", text: string) => void;
};
/** One performer for each call of the chart. */
export type Performers = Readonly<Record<CallName, Performer>>;

/** What the host needs to move one run. */
export type RunParts = {
  fold: Fold;
  performers: Performers;
  /** The business key of an effect about to be dispatched, or `null`. */
  businessKeyOf: (input: ExecuteInput) => string | null;
};

/** An event waiting to be folded, with the directive row it came from. */
export type Queued = { event: JournalEvent; directive?: number };

/** A call in flight. */
export type Pending = { name: CallName; input: unknown; controller: AbortController; settled: Promise<void> };

/** One run that this host moves: everything in it is a cache of the store. */
export type ActiveRun = RunParts & {
  record: RunRecord;
  epoch: number;
  snapshot: Snapshot | null;
  hash: string;
  queue: Queued[];
  /** Directives already queued, so that polling does not queue them twice. */
  seen: Set<number>;
  pending: Map<string, Pending>;
  timers: Map<string, () => void>;
  /** Set once the run is let go of: nothing is folded or performed any more. */
  released: "interrupted" | "lost" | null;
  pausing: boolean;
};
