import type { JournalEvent } from "../../machines/events.ts";
import type { LoopContract } from "../contract/contract.ts";
import { type Fold, type Snapshot, stateName } from "../host/fold.ts";
import type { JournalRow, Store } from "../ports/store.ts";
import { callIn, remainingLimits } from "./status.ts";
import type { RunEvent } from "./types.ts";
import { foldableFrom, foldRow, rowsOf } from "./verify-log.ts";

type Journaled = Extract<RunEvent, { kind: "journal" }>;
type Row = Pick<JournalRow, "runId" | "seq" | "at">;
type Led = { event: JournalEvent; snapshot: Snapshot };

/** A journal row as a reader sees it: with the state that it led to and what is left of the limits. */
export function journalEvent(
  contract: LoopContract,
  { runId, seq, at }: Row,
  { event, snapshot }: Led,
): Journaled {
  const state = stateName(snapshot.value);
  const remaining = remainingLimits(snapshot.context, contract, at);
  return { kind: "journal", runId, seq, at, event, state, remaining, call: callIn(state) };
}

/** Rows after `after`, each with the state it led to: the journal is folded again from where the present machine began. */
export function* storedEvents(
  store: Store,
  { runId, contract, fold }: { runId: string; contract: LoopContract; fold: Fold },
  after: number,
): Generator<Journaled> {
  let snapshot: Snapshot | null = null;
  for (const row of rowsOf(store, runId, foldableFrom(store, runId) - 1)) {
    snapshot = foldRow(fold, snapshot, row);
    if (row.seq > after)
      yield journalEvent(contract, row, { event: JSON.parse(row.event) as JournalEvent, snapshot });
  }
}
