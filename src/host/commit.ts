import type { JournalEvent } from "../../machines/events.ts";
import { chainHash } from "../base/chain.ts";
import { canonicalJson, digestBytes } from "../base/digest.ts";
import type { RunCommit, RunStatus } from "../ports/store.ts";
import { type Folded, type Snapshot, stateName } from "./fold.ts";
import { intentsOf, outcomesOf } from "./ledger.ts";
import type { ActiveRun } from "./run.ts";

/** What one fold writes: row, snapshot, timers, intents and outcomes, whole or not at all. */

export function statusOf(snapshot: Snapshot): RunStatus {
  if (snapshot.status !== "active") return "ended";
  return snapshot.hasTag("parked" as never) ? "parked" : "running";
}

export function commitOf(
  run: ActiveRun,
  change: { event: JournalEvent; at: number; folded: Folded; directive?: number },
): RunCommit {
  const { event, at, folded, directive } = change;
  const { record } = run;
  const { snapshot } = folded;
  const text = run.fold.write(snapshot);
  const entry = {
    runId: record.id,
    seq: record.length + 1,
    at,
    event: canonicalJson(event),
    snapshotDigest: digestBytes(text),
    previousHash: run.hash,
  };
  return {
    runId: record.id,
    epoch: run.epoch,
    row: { ...entry, hash: chainHash(entry) },
    snapshot: text,
    status: statusOf(snapshot),
    state: stateName(snapshot.value),
    outcome: snapshot.context.outcome,
    timers: {
      set: folded.timers.set.map(({ id, delayMs, event: raised }) => ({
        runId: record.id,
        id,
        dueAt: at + delayMs,
        event: canonicalJson(raised),
      })),
      clear: folded.timers.clear,
    },
    intents: intentsOf(folded.calls, { loop: record.loop, at, businessKeyOf: run.businessKeyOf }),
    outcomes: run.snapshot === null ? [] : outcomesOf(event, run.snapshot, snapshot, at),
    ...(directive === undefined ? {} : { directive }),
    blobs: [],
  };
}

/** Whether the disk must have it before anyone acts on it: a dispatch, an outcome, a person's word, a start or an end. */
export const mustSync = (commit: RunCommit): boolean =>
  commit.intents.length > 0 ||
  commit.outcomes.length > 0 ||
  commit.directive !== undefined ||
  commit.create !== undefined ||
  commit.status !== "running";
