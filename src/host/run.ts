import type { ExecuteInput } from "../../machines/calls.ts";
import type { CallName, JournalEvent } from "../../machines/events.ts";
import { genesisHash } from "../base/chain.ts";
import type { RunRecord, Store } from "../ports/store.ts";
import type { Fold, RequestedCall, Snapshot } from "./fold.ts";

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

/** A timer of the chart, armed: another one under the same id is another timer. */
export type Armed = { cancel: () => void };

/** An event waiting to be folded, and where it came from: a directive's row, a call, a timer. */
export type Queued = { event: JournalEvent; directive?: number; call?: RequestedCall; timer?: Armed };

/** One run that this host moves: everything in it is a cache of the store. */
export type ActiveRun = RunParts & {
  record: RunRecord;
  readonly epoch: number;
  snapshot: Snapshot | null;
  /** Hash of the last journal row. */
  hash: string;
  readonly queue: Queued[];
  /** Directives already queued, so that polling does not queue them twice. */
  readonly seen: Set<number>;
  /** Calls in flight, by their id. */
  readonly pending: Map<string, { name: CallName; controller: AbortController }>;
  readonly timers: Map<string, Armed>;
  /** It is about to be let go of: nothing but a dispatch under way is waited for. */
  pausing: boolean;
  /** Settles when the run is let go of. */
  readonly gone: PromiseWithResolvers<void>;
};

const lastHash = (store: Store, { id, length }: RunRecord): string =>
  store.journal(id, { after: length - 1, limit: 1 })[0]?.hash ?? genesisHash;

/** A run as the store has it, with nothing queued and nothing in flight. `snapshot: null`: it has not begun. */
export const createRun = (
  store: Store,
  about: RunParts & Pick<ActiveRun, "record" | "epoch" | "snapshot">,
): ActiveRun => ({
  ...about,
  hash: lastHash(store, about.record),
  queue: [],
  seen: new Set(),
  pending: new Map(),
  timers: new Map(),
  pausing: false,
  gone: Promise.withResolvers(),
});
