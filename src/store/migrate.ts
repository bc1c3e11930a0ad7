import type { DatabaseSync } from "node:sqlite";
import { LoopwrightError } from "../base/errors.ts";
import { runs } from "./migrations/0001-runs.ts";

/** Numbered and only ever appended to: the first is version 1. */
const migrations: readonly string[] = [runs];

/** The version of the store that this package writes. */
export const storeVersion = migrations.length;

/** "LOOP" in ASCII: tells our files from other SQLite databases. */
const applicationId = 0x4c4f4f50;

const pragma = (db: DatabaseSync, name: string): number =>
  Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? { value: 0 })[0]);

function refuseForeign(db: DatabaseSync, file: string): void {
  const objects = db.prepare("SELECT count(*) AS n FROM sqlite_master").get() as { n: number };
  if (pragma(db, "application_id") === applicationId || objects.n === 0) return;
  throw new LoopwrightError({
    code: "store",
    field: file,
    message: `the store ${file} is an SQLite database of another program`,
    fix: "give the path of a Loopwright store, or of a file that does not exist yet",
  });
}

function refuseNewer(version: number, file: string): void {
  if (version <= storeVersion) return;
  throw new LoopwrightError({
    code: "store",
    field: file,
    message: `the store ${file} has version ${version}, this loopwright knows versions up to ${storeVersion}`,
    fix: "upgrade loopwright, or give another --store",
  });
}

/** Brings a store to the present version, one transaction for all; several processes may do so at once. */
export function migrate(db: DatabaseSync, file: string): void {
  refuseForeign(db, file);
  refuseNewer(pragma(db, "user_version"), file);
  if (pragma(db, "user_version") === storeVersion) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    const version = pragma(db, "user_version");
    refuseNewer(version, file);
    for (const sql of migrations.slice(version)) db.exec(sql);
    db.exec(`PRAGMA application_id = ${applicationId}`);
    db.exec(`PRAGMA user_version = ${storeVersion}`);
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}
