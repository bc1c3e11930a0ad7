import { resolve } from "node:path";
import { digestBytes } from "../base/digest.ts";
import type { CommitRefusal, CommitResult, Lease, RunCommit, RunFilter, Store } from "../ports/store.ts";
import { writeCommit } from "./commit-rules.ts";
import { type Database, openDatabase } from "./database.ts";
import { directiveOf, effectOf, grantOf, journalOf, leaseOf, recordOf, timerOf } from "./rows.ts";
import { noSuchRun, notEnded } from "./run-errors.ts";
import { effectByKey, epochOf, haltOf, holderOf, selectEffects, sqliteTables } from "./sqlite-tables.ts";
import { everyLoop } from "./tables.ts";

export type SqliteStoreOptions = {
  /** The file; made with its directory where it does not exist. */
  file: string;
  /** Only looks: makes nothing, and whatever would write throws. Default false. */
  readOnly?: boolean;
  /** Milliseconds to wait for another process that writes. Default 5,000. */
  busyTimeoutMs?: number;
};

type Part<Names extends keyof Store> = Pick<Store, Names>;

const selectRuns = "SELECT record, epoch FROM runs LEFT JOIN leases ON leases.run_id = runs.id";
const synced = { sync: true } as const;
/** SIGKILL forgets nothing of it; a power loss may, together with all that came after, and it ends every host too. */
const unsynced = { sync: false } as const;

function selectFiltered(db: Database, { loop, status, limit = 1_000, before }: RunFilter) {
  const conditions = { "loop = ?": loop, "status = ?": status, "created_at < ?": before };
  const given = Object.entries(conditions).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  const where = given.length === 0 ? "" : `WHERE ${given.map(([condition]) => condition).join(" AND ")}`;
  const values = given.map(([, value]) => value);
  return db.all(`${selectRuns} ${where} ORDER BY created_at DESC, id DESC LIMIT ?`, ...values, limit);
}

function looks(
  db: Database,
): Part<"run" | "runs" | "journal" | "snapshot" | "blob" | "timers" | "directives" | "remembered"> {
  return {
    run(id) {
      const row = db.one(`${selectRuns} WHERE id = ?`, id);
      return row === null ? null : recordOf(row);
    },
    runs: (filter = {}) => selectFiltered(db, filter).map(recordOf),
    journal: (runId, { after = 0, limit = 1_000 } = {}) =>
      db
        .all("SELECT * FROM journal WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?", runId, after, limit)
        .map(journalOf),
    snapshot: (runId) =>
      (db.one("SELECT snapshot FROM runs WHERE id = ?", runId)?.snapshot as string | undefined) ?? null,
    blob: (digest) =>
      (db.one("SELECT text FROM blobs WHERE digest = ?", digest)?.text as string | undefined) ?? null,
    timers: (runId) =>
      db.all("SELECT * FROM timers WHERE run_id = ? ORDER BY due_at, id", runId).map(timerOf),
    directives: (runIds) =>
      db
        .all(
          "SELECT * FROM inbox WHERE folded = 0 AND run_id IN (SELECT value FROM json_each(?)) ORDER BY seq",
          JSON.stringify(runIds),
        )
        .map(directiveOf),
    remembered: (runId, key) =>
      (db.one("SELECT value FROM remembered WHERE run_id = ? AND key = ?", runId, key)?.value as
        | string
        | undefined) ?? null,
  };
}

function ledger(
  db: Database,
): Part<"effects" | "effect" | "businessKeyHolder" | "grants" | "putGrant" | "voidGrants"> {
  return {
    effects: (runId) =>
      db.all(`${selectEffects} WHERE run_id = ? ORDER BY step, idx, key`, runId).map(effectOf),
    effect: (key) => effectByKey(db, key),
    businessKeyHolder: (businessKey) => holderOf(db, businessKey),
    grants: (effectKey) =>
      db.all("SELECT * FROM grants WHERE effect_key = ? ORDER BY issued_at, id", effectKey).map(grantOf),
    putGrant: ({ id, effectKey, approver, token, issuedAt, expiresAt, usedBy, voidedAt }) =>
      void db.write(synced, () =>
        db.run(
          "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
          ...[id, effectKey, approver, token, issuedAt, expiresAt, usedBy, voidedAt],
        ),
      ),
    voidGrants: (runId, at) =>
      void db.write(synced, () =>
        // Keys of effects begin with their run and a slash; "0" is the character after it.
        db.run(
          "UPDATE grants SET voided_at = ? WHERE voided_at IS NULL AND effect_key >= ? AND effect_key < ?",
          ...[at, `${runId}/`, `${runId}0`],
        ),
      ),
  };
}

function halts(db: Database): Part<"halted" | "halt" | "liftHalt"> {
  return {
    halted: (loop) => haltOf(db, loop),
    halt: (loop, reason, at) =>
      void db.write(synced, () =>
        db.run("INSERT OR REPLACE INTO halts VALUES (?, ?, ?)", loop ?? everyLoop, reason, at),
      ),
    liftHalt: (loop) =>
      void db.write(synced, () => db.run("DELETE FROM halts WHERE loop = ?", loop ?? everyLoop)),
  };
}

/** A commit that changes nothing would not reach the disk; this makes it one that does. */
const touch = (db: Database): void => void db.run("UPDATE syncs SET count = count + 1");

function removeRun(db: Database, runId: string): void {
  const status = db.one("SELECT status FROM runs WHERE id = ?", runId)?.status;
  if (status === undefined) return;
  if (status !== "ended") throw notEnded(runId);
  const owned = db
    .all("DELETE FROM run_blobs WHERE run_id = ? RETURNING digest", runId)
    .map(({ digest }) => digest);
  db.run("DELETE FROM runs WHERE id = ?", runId);
  db.run("DELETE FROM leases WHERE run_id = ?", runId);
  db.run(
    `DELETE FROM blobs WHERE for_all = 0 AND digest IN (SELECT value FROM json_each(?))
     AND NOT EXISTS (SELECT 1 FROM run_blobs WHERE run_blobs.digest = blobs.digest)`,
    JSON.stringify(owned),
  );
}

function writes(db: Database): Part<"commit" | "post" | "putBlob" | "remember" | "remove"> {
  const tables = sqliteTables(db);
  const requireRun = (runId: string): void => {
    if (tables.run(runId) === null) throw noSuchRun(runId);
  };
  const fold = (commit: RunCommit): CommitResult => {
    const refused = db.savepoint<CommitRefusal | null>(
      () => writeCommit(tables, commit),
      (answer) => answer === null,
    );
    return refused === null ? { ok: true } : { ok: false, refused };
  };
  return {
    // In WAL mode a FULL commit brings the whole log to the disk, earlier NORMAL commits in it included.
    commit: (batch, { sync }) =>
      db.write({ sync }, () => {
        const results = batch.map(fold);
        if (sync && !results.some(({ ok }) => ok)) touch(db);
        return results;
      }),
    post: ({ runId, at, event }) =>
      db.write(synced, () => {
        requireRun(runId);
        return db.one(
          "INSERT INTO inbox (run_id, at, event) VALUES (?, ?, ?) RETURNING seq",
          runId,
          at,
          event,
        )!.seq as number;
      }),
    putBlob(text) {
      const digest = digestBytes(text);
      db.write(unsynced, () =>
        db.run(
          "INSERT INTO blobs VALUES (?, 1, ?) ON CONFLICT (digest) DO UPDATE SET for_all = 1",
          digest,
          text,
        ),
      );
      return digest;
    },
    remember: (runId, key, value) =>
      void db.write(unsynced, () => {
        requireRun(runId);
        db.run("INSERT OR REPLACE INTO remembered VALUES (?, ?, ?)", runId, key, value);
      }),
    remove: (runId) => db.write(synced, () => removeRun(db, runId)),
  };
}

function leases(db: Database): Part<"acquire" | "renew" | "holds" | "release"> {
  const held = (runId: string): Lease | null => {
    const row = db.one("SELECT * FROM leases WHERE run_id = ? AND owner IS NOT NULL", runId);
    return row === null ? null : leaseOf(row);
  };
  return {
    acquire: ({ runId, owner, now, ttlMs }) =>
      db.write(unsynced, () => {
        const known = held(runId);
        const standing = known !== null && known.until > now;
        if (standing && known.owner !== owner) return { heldBy: known };
        const lease = { owner, epoch: epochOf(db, runId) + (standing ? 0 : 1), until: now + ttlMs };
        db.run("INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)", runId, owner, lease.epoch, lease.until);
        return { lease };
      }),
    renew: ({ runIds, owner, now, ttlMs }) =>
      db.write(unsynced, () =>
        db
          .all(
            "UPDATE leases SET until = ? WHERE owner = ? AND run_id IN (SELECT value FROM json_each(?)) RETURNING run_id",
            ...[now + ttlMs, owner, JSON.stringify(runIds)],
          )
          .map((row) => row.run_id as string),
      ),
    holds({ runId, owner, epoch, now }) {
      const known = held(runId);
      return known !== null && known.owner === owner && known.epoch === epoch && known.until > now;
    },
    release: ({ runId, owner, epoch }) =>
      void db.write(unsynced, () =>
        db.run(
          "UPDATE leases SET owner = NULL WHERE run_id = ? AND owner = ? AND epoch = ?",
          runId,
          owner,
          epoch,
        ),
      ),
  };
}

/**
 * Opens the store in an SQLite file (`node:sqlite`, WAL). Throws `LoopwrightError` (code `store`) that names the file:
 * locked, read-only, damaged, not a store, of a newer version, disk full.
 */
export function openSqliteStore({
  file,
  readOnly = false,
  busyTimeoutMs = 5_000,
}: SqliteStoreOptions): Store {
  const location = resolve(file);
  const db = openDatabase({ file: location, readOnly, busyTimeoutMs });
  return {
    kind: "sqlite",
    durable: true,
    location,
    ...looks(db),
    ...ledger(db),
    ...halts(db),
    ...writes(db),
    ...leases(db),
    close: () => db.close(),
  };
}
