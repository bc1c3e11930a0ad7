import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { genesisHash } from "../base/chain.ts";
import { digestBytes } from "../base/digest.ts";
import type {
  CommitRefusal,
  CommitResult,
  EffectRow,
  Intent,
  OutcomeRecord,
  RunCommit,
  RunRecord,
  Store,
} from "../ports/store.ts";
import { replaces, statusAfter } from "./ledger-rules.ts";
import { migrate } from "./migrate.ts";
import { attemptOf, effectOf, grantOf, journalOf, type Row, timerOf } from "./rows.ts";
import { storeError } from "./sqlite-errors.ts";

export type SqliteStoreOptions = {
  /** The file; made with its directory where it does not exist. */
  file: string;
  /** Milliseconds to wait for another process that writes. Default 5,000. */
  busyTimeoutMs?: number;
};

const every = "*";

/** Thrown inside a savepoint to take it back. */
class Refused extends Error {
  readonly refused: CommitRefusal;
  constructor(refused: CommitRefusal) {
    super(refused);
    this.refused = refused;
  }
}

function open(file: string, busyTimeoutMs: number): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    db.exec("PRAGMA journal_mode = WAL");
    migrate(db, file);
    // A cheap look at the structure of the file; damage deeper down is found when it is read.
    db.prepare("SELECT count(*) FROM runs").get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the store in an SQLite file (`node:sqlite`, WAL). Throws `LoopwrightError` (code `store`) that names the file:
 * locked, read-only, damaged, not a store, of a newer version, disk full.
 */
export function openSqliteStore({ file, busyTimeoutMs = 5_000 }: SqliteStoreOptions): Store {
  const guarded = <Value>(work: () => Value): Value => {
    try {
      return work();
    } catch (error) {
      throw storeError(file, error);
    }
  };
  const db = guarded(() => open(file, busyTimeoutMs));
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = db.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  const all = (sql: string, ...values: SQLInputValue[]): Row[] =>
    guarded(() => prepare(sql).all(...values) as Row[]);
  const one = (sql: string, ...values: SQLInputValue[]): Row | null =>
    guarded(() => (prepare(sql).get(...values) as Row | undefined) ?? null);
  const run = (sql: string, ...values: SQLInputValue[]): number =>
    Number(prepare(sql).run(...values).changes);

  let mode = "";
  /** In WAL mode a FULL commit writes the log to the disk, earlier NORMAL commits in it included. */
  const synchronous = (next: "FULL" | "NORMAL"): void => {
    if (mode !== next) db.exec(`PRAGMA synchronous = ${next}`);
    mode = next;
  };
  /** One transaction; durable when it returns if `sync`. */
  const transaction = <Value>(sync: boolean, work: () => Value): Value =>
    guarded(() => {
      synchronous(sync ? "FULL" : "NORMAL");
      db.exec("BEGIN IMMEDIATE");
      try {
        const value = work();
        db.exec("COMMIT");
        return value;
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
    });

  // ── Ledger ────────────────────────────────────────────────────────────────────────────────────────────────────

  const effect = (row: Row | null): EffectRow | null =>
    row === null
      ? null
      : effectOf(row, all("SELECT * FROM attempts WHERE key = ? ORDER BY attempt", row.key!).map(attemptOf));
  const effectByKey = (key: string) => effect(one("SELECT * FROM effects WHERE key = ?", key));
  const holderOf = (businessKey: string) =>
    effect(
      one("SELECT * FROM effects WHERE business_key = ? AND status IN ('inDoubt', 'applied')", businessKey),
    );
  const haltOf = (loop: string): string | null =>
    (one("SELECT reason FROM halts WHERE loop IN (?, ?) LIMIT 1", loop, every)?.reason as
      | string
      | undefined) ?? null;

  function useGrant(id: string, key: string): void {
    const sql =
      "UPDATE grants SET used_by = ?1 WHERE id = ?2 AND voided_at IS NULL AND (used_by IS NULL OR used_by = ?1)";
    if (run(sql, key, id) === 0) throw new Refused("grantUsed");
  }

  function writeIntent(runId: string, intent: Intent): void {
    const { key, attempt, at, loop, step, index, tool, input, actionDigest, tree, businessKey, grants } =
      intent;
    if (haltOf(loop) !== null) throw new Refused("halted");
    if (one("SELECT 1 FROM attempts WHERE key = ? AND attempt = ?", key, attempt) !== null)
      throw new Refused("stale");
    const holder = businessKey === null ? null : holderOf(businessKey);
    if (holder !== null && holder.key !== key) throw new Refused("duplicate");
    for (const grant of grants) useGrant(grant, key);
    run(
      `INSERT INTO effects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'inDoubt', NULL)
       ON CONFLICT (key) DO UPDATE SET status = 'inDoubt', result = NULL`,
      ...[key, runId, loop, step, index, tool, input, actionDigest, tree, businessKey],
    );
    run("INSERT INTO attempts (key, attempt, intent_at) VALUES (?, ?, ?)", key, attempt, at);
  }

  function writeOutcome(found: OutcomeRecord): void {
    const known = effectByKey(found.key);
    const attempt = known?.attempts.find((each) => each.attempt === found.attempt);
    if (known === null || attempt === undefined || !replaces(attempt.outcome, found.outcome)) return;
    attempt.outcome = found.outcome;
    run(
      "UPDATE attempts SET outcome = ?, outcome_at = ?, source = ? WHERE key = ? AND attempt = ?",
      ...[found.outcome, found.at, found.source, found.key, found.attempt],
    );
    const { status, result } = statusAfter(known, found);
    run("UPDATE effects SET status = ?, result = ? WHERE key = ?", status, result, found.key);
  }

  // ── Runs ──────────────────────────────────────────────────────────────────────────────────────────────────────

  const epochOf = (runId: string): number =>
    (one("SELECT epoch FROM leases WHERE run_id = ?", runId)?.epoch as number) ?? 0;
  const recordOf = (row: Row): RunRecord => ({
    ...(JSON.parse(row.record as string) as RunRecord),
    epoch: (row.epoch as number | null) ?? 0,
  });
  const selectRuns = "SELECT runs.*, leases.epoch FROM runs LEFT JOIN leases ON leases.run_id = runs.id";

  function writeRow(commit: RunCommit): void {
    const { runId, row, snapshot, status, state, outcome, digests, create } = commit;
    const known = one("SELECT record, length, last_hash FROM runs WHERE id = ?", runId);
    if ((known === null) === (create === undefined) || (known !== null && epochOf(runId) !== commit.epoch))
      throw new Refused("stale");
    if (row.seq !== ((known?.length as number | undefined) ?? 0) + 1) throw new Refused("stale");
    if (row.previousHash !== (known?.last_hash ?? genesisHash)) throw new Refused("stale");
    const before = create ?? (JSON.parse(known!.record as string) as RunRecord);
    const record = { ...before, ...digests, status, state, outcome, updatedAt: row.at, length: row.seq };
    run(
      `INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record,
       status = excluded.status, length = excluded.length, last_hash = excluded.last_hash, snapshot = excluded.snapshot`,
      ...[runId, JSON.stringify(record), record.loop, status, record.createdAt, row.seq, row.hash, snapshot],
    );
    run(
      "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[runId, row.seq, row.at, row.event, row.snapshotDigest, row.previousHash, row.hash],
    );
  }

  function writeCommit(commit: RunCommit): void {
    const { runId, timers, intents, outcomes, blobs, directive } = commit;
    writeRow(commit);
    for (const id of timers.clear) run("DELETE FROM timers WHERE run_id = ? AND id = ?", runId, id);
    for (const { id, dueAt, event } of timers.set)
      run("INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?)", runId, id, dueAt, event);
    for (const intent of intents) writeIntent(runId, intent);
    for (const outcome of outcomes) writeOutcome(outcome);
    for (const { digest, text } of blobs) run("INSERT OR IGNORE INTO blobs VALUES (?, ?)", digest, text);
    if (directive !== undefined) run("UPDATE inbox SET folded = 1 WHERE seq = ?", directive);
  }

  /** A savepoint of its own: a refused fold leaves nothing, and the others stand. */
  function attempt(commit: RunCommit): CommitResult {
    db.exec("SAVEPOINT fold");
    try {
      writeCommit(commit);
      db.exec("RELEASE fold");
      return { ok: true };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      db.exec("ROLLBACK TO fold");
      db.exec("RELEASE fold");
      return { ok: false, refused: error.refused };
    }
  }

  const leaseOf = (runId: string): { owner: string; epoch: number; until: number } | null => {
    const row = one("SELECT owner, epoch, until FROM leases WHERE run_id = ?", runId);
    return row === null
      ? null
      : { owner: row.owner as string, epoch: row.epoch as number, until: row.until as number };
  };
  const each = (runIds: readonly string[]): string => JSON.stringify(runIds);

  return {
    kind: "sqlite",
    durable: true,
    location: file,

    run: (id) => {
      const row = one(`${selectRuns} WHERE id = ?`, id);
      return row === null ? null : recordOf(row);
    },
    runs: ({ loop, status, limit = 1_000, before = Number.MAX_SAFE_INTEGER } = {}) => {
      const where = [
        "created_at < ?",
        ...(loop === undefined ? [] : ["loop = ?"]),
        ...(status === undefined ? [] : ["status = ?"]),
      ].join(" AND ");
      const values = [before, loop, status].filter((value) => value !== undefined);
      return all(
        `${selectRuns} WHERE ${where} ORDER BY created_at DESC, id DESC LIMIT ?`,
        ...values,
        limit,
      ).map(recordOf);
    },
    journal: (runId, { after = 0, limit = 1_000 } = {}) =>
      all("SELECT * FROM journal WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?", runId, after, limit).map(
        journalOf,
      ),
    snapshot: (runId) =>
      (one("SELECT snapshot FROM runs WHERE id = ?", runId)?.snapshot as string | undefined) ?? null,
    blob: (digest) =>
      (one("SELECT text FROM blobs WHERE digest = ?", digest)?.text as string | undefined) ?? null,
    timers: (runId) => all("SELECT * FROM timers WHERE run_id = ? ORDER BY due_at", runId).map(timerOf),
    directives: (runIds) =>
      all(
        "SELECT seq, run_id, at, event FROM inbox WHERE folded = 0 AND run_id IN (SELECT value FROM json_each(?)) ORDER BY seq",
        each(runIds),
      ).map((row) => ({
        seq: row.seq as number,
        runId: row.run_id as string,
        at: row.at as number,
        event: row.event as string,
      })),
    effects: (runId) =>
      all("SELECT * FROM effects WHERE run_id = ? ORDER BY step, idx", runId).map((row) => effect(row)!),
    effect: effectByKey,
    businessKeyHolder: holderOf,
    grants: (effectKey) =>
      all("SELECT * FROM grants WHERE effect_key = ? ORDER BY id", effectKey).map(grantOf),
    halted: haltOf,

    commit: (batch, { sync }) =>
      transaction(sync, () => {
        // A commit that changes nothing would not reach the disk, so what is to be synced always writes a row.
        if (sync) run("UPDATE syncs SET count = count + 1");
        return batch.map(attempt);
      }),
    post: ({ runId, at, event }) =>
      transaction(true, () =>
        Number(
          prepare("INSERT INTO inbox (run_id, at, event) VALUES (?, ?, ?)").run(runId, at, event)
            .lastInsertRowid,
        ),
      ),
    putBlob: (text) => {
      const digest = digestBytes(text);
      transaction(false, () => run("INSERT OR IGNORE INTO blobs VALUES (?, ?)", digest, text));
      return digest;
    },
    remembered: (runId, key) =>
      (one("SELECT value FROM remembered WHERE run_id = ? AND key = ?", runId, key)?.value as
        | string
        | undefined) ?? null,
    remember: (runId, key, value) =>
      void transaction(false, () =>
        run("INSERT OR REPLACE INTO remembered VALUES (?, ?, ?)", runId, key, value),
      ),
    putGrant: (grant) =>
      void transaction(true, () =>
        run(
          "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          ...[
            grant.id,
            grant.effectKey,
            grant.approver,
            grant.token,
            grant.issuedAt,
            grant.expiresAt,
            grant.usedBy,
            grant.voidedAt,
          ],
        ),
      ),
    voidGrants: (runId, at) =>
      void transaction(true, () =>
        run(
          "UPDATE grants SET voided_at = ? WHERE voided_at IS NULL AND substr(effect_key, 1, ?) = ?",
          at,
          runId.length + 1,
          `${runId}/`,
        ),
      ),
    halt: (loop, reason, at) =>
      void transaction(true, () =>
        run("INSERT OR REPLACE INTO halts VALUES (?, ?, ?)", loop ?? every, reason, at),
      ),
    liftHalt: (loop) => void transaction(true, () => run("DELETE FROM halts WHERE loop = ?", loop ?? every)),
    remove: (runId) =>
      transaction(true, () => {
        for (const table of ["journal", "timers", "inbox", "remembered", "leases"])
          run(`DELETE FROM ${table} WHERE run_id = ?`, runId);
        run("DELETE FROM runs WHERE id = ?", runId);
      }),

    acquire: ({ runId, owner, now, ttlMs }) =>
      transaction(true, () => {
        const held = leaseOf(runId);
        const standing = held !== null && held.until > now;
        if (standing && held.owner !== owner) return { heldBy: held };
        const lease = { owner, epoch: standing ? held.epoch : (held?.epoch ?? 0) + 1, until: now + ttlMs };
        run("INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)", runId, owner, lease.epoch, lease.until);
        return { lease };
      }),
    renew: ({ runIds, owner, now, ttlMs }) =>
      transaction(false, () =>
        (
          prepare(
            "UPDATE leases SET until = ? WHERE owner = ? AND run_id IN (SELECT value FROM json_each(?)) RETURNING run_id",
          ).all(...[now + ttlMs, owner, each(runIds)]) as Row[]
        ).map((row) => row.run_id as string),
      ),
    holds: ({ runId, owner, epoch, now }) => {
      const held = leaseOf(runId);
      return held !== null && held.owner === owner && held.epoch === epoch && held.until > now;
    },
    release: ({ runId, owner, epoch }) =>
      void transaction(false, () =>
        run("UPDATE leases SET until = 0 WHERE run_id = ? AND owner = ? AND epoch = ?", runId, owner, epoch),
      ),
    close: () => db.close(),
  };
}
