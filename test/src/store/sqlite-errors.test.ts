import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { LoopwrightError } from "../../../src/base/errors.ts";
import { storeError } from "../../../src/store/sqlite-errors.ts";

const at = (error: unknown) => storeError("/x/store.db", error);
const sqlite = (errcode: number) => Object.assign(new Error("sqlite"), { code: "ERR_SQLITE_ERROR", errcode });

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("an error of the store", () => {
  it.each([
    [5, "is locked by another process"],
    [6, "is locked by another process"],
    [8, "can only be read"],
    [10, "cannot be read or written (I/O error)"],
    [11, "is damaged"],
    [13, "cannot grow: the disk is full"],
    [14, "cannot be opened"],
    [26, "is not a Loopwright store"],
  ])("says what result code %i means", (code, what) => {
    expect(at(sqlite(code))).toMatchObject({
      code: "store",
      field: "/x/store.db",
      message: `the store /x/store.db ${what}`,
    });
    // Extended codes carry more in their higher bits.
    expect(at(sqlite(code + 7 * 256)).message).toContain(what);
  });

  it.each([
    ["EACCES", "can only be read"],
    ["EROFS", "can only be read"],
    ["ENOSPC", "the disk is full"],
    ["ENOTDIR", "cannot be opened"],
  ])("says what %s means", (code, what) => {
    expect(at(Object.assign(new Error(code), { code })).message).toContain(what);
  });

  it("calls a store damaged whose tables are gone", () => {
    const db = new DatabaseSync(":memory:");
    expect(at(thrown(() => db.prepare("SELECT 1 FROM runs"))).message).toContain("is damaged");
  });

  it("knows a full database when SQLite reports one", () => {
    const db = new DatabaseSync(":memory:");
    db.exec("PRAGMA max_page_count = 3; CREATE TABLE t (x TEXT)");
    const fill = () => db.prepare("INSERT INTO t VALUES (?)").run("x".repeat(100_000));
    expect(at(thrown(fill)).message).toContain("the disk is full");
  });

  it("tells the message of anything else and keeps the cause", () => {
    const cause = new Error("UNIQUE constraint failed");
    expect(at(cause)).toMatchObject({
      message: "the store /x/store.db failed: UNIQUE constraint failed",
      cause,
    });
    expect(at(cause).fix).not.toBe("");
    expect(at("a string").message).toContain("a string");
  });

  it("leaves an error for a person as it is", () => {
    const error = new LoopwrightError({ code: "run", message: "no", fix: "do" });
    expect(at(error)).toBe(error);
  });
});
