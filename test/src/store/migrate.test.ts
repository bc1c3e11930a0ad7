import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { migrate, storeVersion } from "../../../src/store/migrate.ts";

const open = () => new DatabaseSync(":memory:");
const version = (db: DatabaseSync) => db.prepare("PRAGMA user_version").get();

it("brings a new file to the present version, once", () => {
  const db = open();
  migrate(db, "f");
  migrate(db, "f");
  expect(version(db)).toEqual({ user_version: storeVersion });
});

it("refuses a newer version and another program's file", () => {
  const newer = open();
  newer.exec(`PRAGMA user_version = ${storeVersion + 1}`);
  expect(() => migrate(newer, "f")).toThrow(`has version ${storeVersion + 1}`);
  const other = open();
  other.exec("CREATE TABLE theirs (x)");
  expect(() => migrate(other, "f")).toThrow("another program");
});
