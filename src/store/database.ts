import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { LoopwrightError } from "../base/errors.ts";
import { migrate } from "./migrate.ts";
import type { Row } from "./rows.ts";
import { storeError } from "./sqlite-errors.ts";

export type DatabaseOptions = { file: string; readOnly: boolean; busyTimeoutMs: number };

/** An open database file. Whatever fails throws a `LoopwrightError` that names the file. */
export type Database = {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  one(sql: string, ...values: SQLInputValue[]): Row | null;
  /** Returns the number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** One transaction that holds the only right to write; on the disk when it returns if `sync`. */
  write<Value>(options: { sync: boolean }, work: () => Value): Value;
  /** Inside a transaction: takes back what `work` wrote unless `keep` says yes to its answer. */
  savepoint<Value>(work: () => Value, keep: (value: Value) => boolean): Value;
  close(): void;
};

/** Milliseconds between tries where SQLite does not wait by itself. */
const retryMs = 20;

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const isBusy = (error: unknown): boolean => ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;

const journalMode = (db: DatabaseSync, sql: string): unknown => Object.values(db.prepare(sql).get() ?? {})[0];

/** Turns the write-ahead log on. While several processes do so at once, SQLite answers busy without waiting. */
function useWal(db: DatabaseSync, { file, busyTimeoutMs }: DatabaseOptions): void {
  const deadline = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      if (
        journalMode(db, "PRAGMA journal_mode") === "wal" ||
        journalMode(db, "PRAGMA journal_mode = WAL") === "wal"
      )
        return;
      break;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      sleep(retryMs);
    }
  }
  throw new LoopwrightError({
    code: "store",
    field: file,
    message: `the store ${file} lies where processes cannot share memory, so its write-ahead log cannot be used`,
    fix: "give a --store on a local disk",
  });
}

/** Makes a folder and those above it, one by one: below /proc Node's recursive way never comes back. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else was faster.
    if (!existsSync(path)) throw error;
  }
}

/** The file and its directory are for the user alone: journals hold what agents saw. */
function makeFile(file: string): void {
  makeFolder(dirname(file));
  closeSync(openSync(file, "a", 0o600));
}

/** A cheap look: are the tables there, and is the file as long as it says? Damage deeper down is found when it is read. */
const lookAt = (db: DatabaseSync): void =>
  void db
    .prepare(
      "SELECT (SELECT 1 FROM runs LIMIT 1), (SELECT 1 FROM journal LIMIT 1), (SELECT 1 FROM effects LIMIT 1)",
    )
    .get();

function open(options: DatabaseOptions): DatabaseSync {
  const { file, readOnly, busyTimeoutMs } = options;
  if (!readOnly) makeFile(file);
  const db = new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs });
  try {
    migrate(db, { file, readOnly });
    if (!readOnly) useWal(db, options);
    lookAt(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec("ROLLBACK");
  } catch {
    // What went wrong first is what matters; an open transaction falls with the connection.
  }
}

/** Opens a database file, making it (and its directory) unless `readOnly`. */
export function openDatabase(options: DatabaseOptions): Database {
  const guarded = <Value>(work: () => Value): Value => {
    try {
      return work();
    } catch (error) {
      throw storeError(options.file, error);
    }
  };
  const db = guarded(() => open(options));
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  let mode = "";
  /** A PRAGMA without effect inside a transaction, so it goes before. */
  const synchronous = (next: "FULL" | "NORMAL"): void => {
    if (mode !== next) db.exec(`PRAGMA synchronous = ${next}`);
    mode = next;
  };

  return {
    all: (sql, ...values) => guarded(() => prepare(sql).all(...values) as Row[]),
    one: (sql, ...values) => guarded(() => (prepare(sql).get(...values) as Row | undefined) ?? null),
    run: (sql, ...values) => guarded(() => Number(prepare(sql).run(...values).changes)),
    write: ({ sync }, work) =>
      guarded(() => {
        synchronous(sync ? "FULL" : "NORMAL");
        db.exec("BEGIN IMMEDIATE");
        try {
          const value = work();
          db.exec("COMMIT");
          return value;
        } catch (error) {
          rollBack(db);
          throw error;
        }
      }),
    savepoint(work, keep) {
      db.exec("SAVEPOINT fold");
      const value = work();
      if (!keep(value)) db.exec("ROLLBACK TO fold");
      db.exec("RELEASE fold");
      return value;
    },
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
