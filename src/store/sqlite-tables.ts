import type { AttemptRow, EffectRow } from "../ports/store.ts";
import type { Database } from "./database.ts";
import { effectOf, type Row, recordOf } from "./rows.ts";
import { everyLoop, type Tables } from "./tables.ts";

const attemptsOf = `(SELECT json_group_array(json_object('attempt', attempt, 'intentAt', intent_at, 'outcome', outcome,
  'outcomeAt', outcome_at, 'source', source)) FROM attempts WHERE attempts.key = effects.key) AS attempts`;

/** Effects with their attempts, in one statement so that both are of one moment. */
export const selectEffects = `SELECT effects.*, ${attemptsOf} FROM effects`;

const one = (row: Row | null): EffectRow | null => (row === null ? null : effectOf(row));

export const effectByKey = (db: Database, key: string): EffectRow | null =>
  one(db.one(`${selectEffects} WHERE key = ?`, key));

export const holderOf = (db: Database, businessKey: string): EffectRow | null =>
  one(
    db.one(
      `${selectEffects} WHERE business_key = ? AND status IN ('inDoubt', 'applied') ORDER BY key`,
      businessKey,
    ),
  );

export const haltOf = (db: Database, loop: string): string | null =>
  (db.one("SELECT reason FROM halts WHERE loop IN (?, ?) ORDER BY loop = ? DESC", loop, everyLoop, loop)
    ?.reason as string | undefined) ?? null;

export const epochOf = (db: Database, runId: string): number =>
  (db.one("SELECT epoch FROM leases WHERE run_id = ?", runId)?.epoch as number | undefined) ?? 0;

/** Late truth may find the business key taken: then both effects were applied, and this one is marked instead of lost. */
const isRaced = (db: Database, { key, businessKey, status }: EffectRow): boolean =>
  status === "applied" &&
  businessKey !== null &&
  db.one(
    "SELECT 1 FROM effects WHERE business_key = ? AND key <> ? AND status IN ('inDoubt', 'applied') AND raced = 0",
    ...[businessKey, key],
  ) !== null;

function putEffect(
  db: Database,
  effect: EffectRow,
  { attempt, intentAt, outcome, outcomeAt, source }: AttemptRow,
): void {
  const { key, runId, loop, step, index, tool, input, actionDigest, tree, businessKey, status, result } =
    effect;
  db.run(
    `INSERT INTO effects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET status = excluded.status, result = excluded.result, raced = excluded.raced`,
    ...[
      key,
      runId,
      loop,
      step,
      index,
      tool,
      input,
      actionDigest,
      tree,
      businessKey,
      status,
      result,
      Number(isRaced(db, effect)),
    ],
  );
  db.run(
    "INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?, ?, ?)",
    key,
    attempt,
    intentAt,
    outcome,
    outcomeAt,
    source,
  );
}

/** The tables of an open database file. Writes belong inside a transaction. */
export const sqliteTables = (db: Database): Tables => ({
  run(id) {
    const row = db.one("SELECT record, last_hash FROM runs WHERE id = ?", id);
    return row === null ? null : { record: recordOf(row), lastHash: row.last_hash as string };
  },
  epoch: (runId) => epochOf(db, runId),
  putRun({ record, lastHash, snapshot }) {
    const { id, loop, status, createdAt, length } = record;
    db.run(
      `INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record,
       status = excluded.status, length = excluded.length, last_hash = excluded.last_hash, snapshot = excluded.snapshot`,
      ...[id, JSON.stringify(record), loop, status, createdAt, length, lastHash, snapshot],
    );
  },
  addRow: ({ runId, seq, at, event, snapshotDigest, previousHash, hash }) =>
    void db.run(
      "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)",
      runId,
      seq,
      at,
      event,
      snapshotDigest,
      previousHash,
      hash,
    ),
  setTimer: ({ runId, id, dueAt, event }) =>
    void db.run("INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?)", runId, id, dueAt, event),
  clearTimer: (runId, id) => void db.run("DELETE FROM timers WHERE run_id = ? AND id = ?", runId, id),
  foldDirective: (runId, seq) =>
    db.run("UPDATE inbox SET folded = 1 WHERE seq = ? AND run_id = ? AND folded = 0", seq, runId) > 0,
  ownBlob(runId, { digest, text }) {
    db.run("INSERT OR IGNORE INTO blobs VALUES (?, 0, ?)", digest, text);
    db.run("INSERT OR IGNORE INTO run_blobs VALUES (?, ?)", runId, digest);
  },
  effect: (key) => effectByKey(db, key),
  holder: (businessKey) => holderOf(db, businessKey),
  halted: (loop) => haltOf(db, loop),
  useGrant: (id, key) =>
    db.run(
      "UPDATE grants SET used_by = ?1 WHERE id = ?2 AND effect_key = ?1 AND voided_at IS NULL",
      key,
      id,
    ) > 0,
  putEffect: (effect, attempt) => putEffect(db, effect, attempt),
});
