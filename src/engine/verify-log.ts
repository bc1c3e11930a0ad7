import { JournalEvent, type Origin } from "../../machines/events.ts";
import { verifyRow } from "../base/chain.ts";
import { digestBytes } from "../base/digest.ts";
import { messageOf } from "../base/errors.ts";
import type { Fold, Snapshot } from "../host/fold.ts";
import type { JournalRow, RunRecord, Store } from "../ports/store.ts";
import { nativeState } from "./run-record.ts";
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

/** Folds one row onto the snapshot before it. Throws where it does not fit. */
export function foldRow(fold: Fold, snapshot: Snapshot | null, row: JournalRow): Snapshot {
  const event = JournalEvent.parse(JSON.parse(row.event));
  return isOrigin(event) ? fold.begin(event).snapshot : fold.step(snapshot!, event).snapshot;
}

const acceptance = '"because":"changeAccepted"';

/** Does a new machine begin with this row? What an agent wrote may look like it, so the text alone does not tell. */
function isAcceptance({ event }: JournalRow): boolean {
  if (!event.includes(acceptance)) return false;
  const { type, because } = JSON.parse(event) as { type: string; because?: string };
  return type === "run.continued" && because === "changeAccepted";
}

/** The seq from which on the present machine made the journal: earlier rows belong to one that a person replaced. */
export function foldableFrom(store: Store, runId: string): number {
  let from = 1;
  for (const row of rowsOf(store, runId)) if (isAcceptance(row)) from = row.seq;
  return from;
}

type Problem = VerifyLogReport["problem"];
type Checked = { count: number; problem: Problem };

/** Follows the hash chain from the first row to the last that the run says it has. */
function checkChain(store: Store, { id, length }: RunRecord): Checked {
  let previous: JournalRow | null = null;
  let count = 0;
  for (const row of rowsOf(store, id)) {
    const broken = verifyRow(row, previous);
    if (broken !== null) return { count, problem: { seq: count + 1, message: broken } };
    previous = row;
    count += 1;
  }
  const missing = {
    seq: count + 1,
    message: `the journal is shorter than the run says: ${count} of ${length} rows`,
  };
  return { count, problem: count < length ? missing : null };
}

/** Folds one row, and compares what it gives with what was stored. */
function refold(
  fold: Fold,
  snapshot: Snapshot | null,
  row: JournalRow,
): { snapshot: Snapshot } | { message: string } {
  try {
    const next = foldRow(fold, snapshot, row);
    if (digestBytes(fold.write(next)) === row.snapshotDigest) return { snapshot: next };
    return { message: "folding its event gives another snapshot than was stored" };
  } catch (error) {
    return { message: `its event cannot be folded: ${messageOf(error)}` };
  }
}

/** Folds the rows of the present machine again, and compares the last snapshot with the one that is kept. */
function checkFold(store: Store, { id }: RunRecord, fold: Fold): Checked {
  let snapshot: Snapshot | null = null;
  let count = 0;
  let seq = foldableFrom(store, id) - 1;
  for (const row of rowsOf(store, id, seq)) {
    seq = row.seq;
    const next = refold(fold, snapshot, row);
    if ("message" in next) return { count, problem: { seq, message: next.message } };
    snapshot = next.snapshot;
    count += 1;
  }
  const same = snapshot === null || store.snapshot(id) === fold.write(snapshot);
  return {
    count,
    problem: same ? null : { seq, message: "the stored snapshot is not what the journal folds to" },
  };
}

/**
 * Checks the hash chain of a run's journal, and that folding its events gives the stored snapshots byte for byte. The
 * snapshots of an embedded machine lie elsewhere: of its run only the chain is checked.
 */
export function verifyLog(store: Store, record: RunRecord, fold: Fold): VerifyLogReport {
  const { id: runId } = record;
  const chain = checkChain(store, record);
  const intact = chain.problem === null && record.state !== nativeState;
  const folded = intact ? checkFold(store, record, fold) : { count: 0, problem: chain.problem };
  const { problem } = folded;
  return { runId, rows: chain.count, folded: folded.count, ok: problem === null, problem };
}
