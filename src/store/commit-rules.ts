import { genesisHash } from "../base/chain.ts";
import type { CommitRefusal, RunCommit } from "../ports/store.ts";
import { writeIntent, writeOutcome } from "./ledger-rules.ts";
import type { KnownRun, Tables } from "./tables.ts";

/** Does this fold come from the present holder of the run, and follow the last row? */
function follows(known: KnownRun | null, epoch: number, { row, create, epoch: claimed }: RunCommit): boolean {
  if ((known === null) !== (create !== undefined) || epoch !== claimed) return false;
  return row.seq === (known?.record.length ?? 0) + 1 && row.previousHash === (known?.lastHash ?? genesisHash);
}

function writeRun(tables: Tables, commit: RunCommit): CommitRefusal | null {
  const { runId, row, snapshot, status, state, outcome, digests, create } = commit;
  const known = tables.run(runId);
  if (!follows(known, tables.epoch(runId), commit)) return "stale";
  const before = known?.record ?? create!;
  const record = { ...before, ...digests, status, state, outcome, updatedAt: row.at, length: row.seq };
  tables.putRun({ record, lastHash: row.hash, snapshot });
  tables.addRow(row);
  return null;
}

function writeBelongings(
  tables: Tables,
  { runId, timers, blobs, directive }: RunCommit,
): CommitRefusal | null {
  for (const id of timers.clear) tables.clearTimer(runId, id);
  for (const timer of timers.set) tables.setTimer(timer);
  for (const blob of blobs) tables.ownBlob(runId, blob);
  return directive === undefined || tables.foldDirective(runId, directive) ? null : "stale";
}

function writeLedger(tables: Tables, { runId, intents, outcomes }: RunCommit): CommitRefusal | null {
  for (const outcome of outcomes) writeOutcome(tables, outcome);
  for (const intent of intents) {
    const refused = writeIntent(tables, runId, intent);
    if (refused !== null) return refused;
  }
  return null;
}

/** Writes one fold, or says why it is refused; then its caller takes back whatever was written of it. */
export const writeCommit = (tables: Tables, commit: RunCommit): CommitRefusal | null =>
  writeRun(tables, commit) ?? writeBelongings(tables, commit) ?? writeLedger(tables, commit);
