import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { migrate, pragma } from "../../../src/store/migrate.ts";
import { temporaryFile } from "./temporary.ts";

const first = "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);";
const second = "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7;";

function connect(file = temporaryFile()): { db: DatabaseSync; file: string } {
  const db = new DatabaseSync(file);
  onTestFinished(() => db.close());
  return { db, file };
}

const bring = ({ db, file }: { db: DatabaseSync; file: string }, migrations: string[], readOnly = false) =>
  migrate(db, { file, readOnly, migrations });

describe("migrating", () => {
  it("brings a new file to the last version", () => {
    const place = connect();
    bring(place, [first, second]);
    expect(pragma(place.db, "user_version")).toBe(2);
    expect(place.db.prepare("SELECT x, y FROM a").all()).toEqual([expect.objectContaining({ x: 1, y: 7 })]);
  });

  it("applies only what is new, and keeps what is there", () => {
    const place = connect();
    bring(place, [first]);
    place.db.exec("INSERT INTO a VALUES (2)");
    bring(place, [first, second]);
    bring(place, [first, second]);
    expect(place.db.prepare("SELECT x, y FROM a").all()).toHaveLength(2);
  });

  it("leaves the file at its old version when a step fails", () => {
    const place = connect();
    bring(place, [first]);
    expect(() => bring(place, [first, second, "CREATE TABLE a (again TEXT)"])).toThrow(/already exists/);
    expect(pragma(place.db, "user_version")).toBe(1);
    expect(place.db.prepare("SELECT * FROM a").all()).toEqual([expect.objectContaining({ x: 1 })]);
  });

  it("refuses a newer version, and says which and what to do", () => {
    const place = connect();
    bring(place, [first, second]);
    expect(() => bring(place, [first])).toThrow(/has version 2, and this loopwright knows versions up to 1/);
    expect(pragma(place.db, "user_version")).toBe(2);
  });

  it("refuses an older version that may only be read", () => {
    const place = connect();
    bring(place, [first]);
    expect(() => bring(place, [first, second], true)).toThrow(
      /has version 1, and can only be read at version 2/,
    );
    expect(() => bring(place, [first], true)).not.toThrow();
  });

  it("refuses the database of another program before it writes anything", () => {
    const place = connect();
    place.db.exec("CREATE TABLE theirs (x TEXT)");
    expect(() => bring(place, [first])).toThrow(/of another program/);
    expect([pragma(place.db, "user_version"), pragma(place.db, "application_id")]).toEqual([0, 0]);
  });
});
