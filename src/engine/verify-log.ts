import { JournalEvent, type Origin } from "../../machines/events.ts";
import { verifyRow } from "../base/chain.ts";
import { digestBytes } from "../base/digest.ts";
import type { Fold, Snapshot } from "../host/fold.ts";
import type { JournalRow, Store } from "../ports/store.ts";
import type { VerifyLogReport } from "./types.ts";

/** All rows of a run, page by page. */
export function* rowsOf(store: Store, runId: string, after = 0): Generator<JournalRow> {
  const limit = 500;
  for (
    let page = store.journal(runId, { after, limit });
    page.length > 0;
    page = store.journal(runId, { after, limit })
  ) {
    yield* page;
    after = page.at(-1)!.seq;
  }
}

const isOrigin = (event: { type: string }): event is Origin =>
  event.type === "run.started" || event.type === "run.continued";

/** Folds one row onto the snapshot before it. */
export function foldRow(fold: Fold, snapshot: Snapshot | null, row: JournalRow): Snapshot {
  const event = JournalEvent.parse(JSON.parse(row.event));
  return isOrigin(event) ? fold.begin(event).snapshot : fold.step(snapshot!, event).snapshot;
}

/** The seq from which on the present machine made the journal: earlier rows belong to one that a person replaced. */
export function foldableFrom(store: Store, runId: string): number {
  let from = 1;
  for (const row of rowsOf(store, runId))
    if (row.event.includes('"because":"changeAccepted"')) from = row.seq;
  return from;
}

/** Checks the hash chain of a run's journal, and that folding its events gives the stored snapshots byte for byte. */
export function verifyLog(store: Store, runId: string, fold: Fold): VerifyLogReport {
  const from = foldableFrom(store, runId);
  let previous: JournalRow | null = null;
  let snapshot: Snapshot | null = null;
  let rows = 0;
  let folded = 0;
  const problem = (seq: number, message: string): VerifyLogReport => ({
    runId,
    rows,
    folded,
    ok: false,
    problem: { seq, message },
  });
  for (const row of rowsOf(store, runId)) {
    const broken = verifyRow(row, previous);
    if (broken !== null) return problem(row.seq, broken);
    rows += 1;
    if (row.seq >= from) {
      snapshot = foldRow(fold, snapshot, row);
      if (digestBytes(fold.write(snapshot)) !== row.snapshotDigest)
        return problem(row.seq, "folding its event gives another snapshot than was stored");
      folded += 1;
    }
    previous = row;
  }
  if (store.run(runId)?.length !== rows) return problem(rows, "the journal is shorter than the run says");
  const stored = store.snapshot(runId);
  if (snapshot !== null && stored !== fold.write(snapshot))
    return problem(rows, "the stored snapshot is not what the journal folds to");
  return { runId, rows, folded, ok: true, problem: null };
}
