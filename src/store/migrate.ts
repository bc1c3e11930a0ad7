import type { DatabaseSync } from "node:sqlite";
import { LoopwrightError } from "../base/errors.ts";
import { runs } from "./migrations/0001-runs.ts";

/** Numbered and only ever appended to: the first is version 1. */
const published: readonly string[] = [runs];

/** "LOOP" in ASCII: tells our files from other SQLite databases. */
const applicationId = 0x4c4f4f50;

/** The number that a PRAGMA answers. */
export const pragma = (db: DatabaseSync, name: string): number =>
  Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? { value: 0 })[0]);

const refusal = (file: string, what: string, fix: string): LoopwrightError =>
  new LoopwrightError({ code: "store", field: file, message: `the store ${file} ${what}`, fix });

function refuseForeign(db: DatabaseSync, file: string): void {
  const objects = db.prepare("SELECT count(*) AS n FROM sqlite_schema").get() as { n: number };
  if (objects.n === 0 || pragma(db, "application_id") === applicationId) return;
  throw refusal(
    file,
    "is an SQLite database of another program",
    "give the path of a store, or of a file that does not exist yet",
  );
}

function refuseNewer(version: number, known: number, file: string): void {
  if (version <= known) return;
  throw refusal(
    file,
    `has version ${version}, and this loopwright knows versions up to ${known}`,
    "upgrade loopwright, or give another --store",
  );
}

const tooOld = (version: number, known: number, file: string): LoopwrightError =>
  refusal(
    file,
    `has version ${version}, and can only be read at version ${known}`,
    "open it once for writing, for example with: loopwright list",
  );

function apply(db: DatabaseSync, file: string, migrations: readonly string[]): void {
  const version = pragma(db, "user_version");
  // Another process may have been faster, and of another version.
  refuseNewer(version, migrations.length, file);
  for (const sql of migrations.slice(version)) db.exec(sql);
  db.exec(`PRAGMA application_id = ${applicationId}`);
  db.exec(`PRAGMA user_version = ${migrations.length}`);
}

export type MigrateOptions = { file: string; readOnly: boolean; migrations?: readonly string[] };

/**
 * Brings a store to the present version, in one transaction; several processes may do so at once. Refuses, before anything
 * is written, a database of another program, one of a newer version, and an older one that may only be read.
 */
export function migrate(db: DatabaseSync, { file, readOnly, migrations = published }: MigrateOptions): void {
  refuseForeign(db, file);
  const version = pragma(db, "user_version");
  refuseNewer(version, migrations.length, file);
  if (version === migrations.length) return;
  if (readOnly) throw tooOld(version, migrations.length, file);
  db.exec("BEGIN IMMEDIATE");
  try {
    apply(db, file, migrations);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
