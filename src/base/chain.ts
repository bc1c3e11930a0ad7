import type { JournalRow } from "../ports/store.ts";
import { canonicalJson, digestBytes } from "./digest.ts";

/** The previous hash of a journal's first row. */
export const genesisHash = "0".repeat(64);

/** The hash of a journal row: over the hash before it and everything else in the row. */
export const chainHash = ({
  previousHash,
  runId,
  seq,
  at,
  event,
  snapshotDigest,
}: Omit<JournalRow, "hash">): string =>
  digestBytes(canonicalJson([previousHash, runId, seq, at, event, snapshotDigest]));

/** What is wrong with a row that follows `previous` (`null`: the first), or `null`. Finds damage, not forgers. */
export function verifyRow(row: JournalRow, previous: JournalRow | null): string | null {
  if (row.seq !== (previous?.seq ?? 0) + 1) return `row ${(previous?.seq ?? 0) + 1} is missing`;
  if (row.previousHash !== (previous?.hash ?? genesisHash)) return "it does not follow the row before it";
  return chainHash(row) === row.hash ? null : "its content does not match its hash";
}
