import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { isLoopwrightError, type LoopwrightError } from "../../../src/base/errors.ts";
import { type Database, openDatabase } from "../../../src/store/database.ts";
import { openSqliteStore } from "../../../src/store/sqlite-store.ts";
import { startChild } from "./children.ts";
import { temporaryFile } from "./temporary.ts";
import { startedRun } from "./writer.ts";

function open(file: string, busyTimeoutMs = 5_000): Database {
  const db = openDatabase({ file, readOnly: false, busyTimeoutMs });
  onTestFinished(() => db.close());
  return db;
}

function errorOf(work: () => unknown): LoopwrightError {
  try {
    work();
  } catch (error) {
    if (isLoopwrightError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** A store with a few pages in it, closed again, and its bytes. */
function filledStore(): { file: string; bytes: Buffer } {
  const file = temporaryFile();
  const store = openSqliteStore({ file });
  const run = startedRun(store);
  for (let i = 0; i < 20; i += 1) run.commit({ snapshot: JSON.stringify("x".repeat(5_000) + i) });
  store.close();
  return { file, bytes: readFileSync(file) };
}

/** Opening refuses with a word about the file, what is wrong and what to do; the file stays as it was. */
function expectRefusal(file: string, what: RegExp): void {
  const before = readFileSync(file);
  const error = errorOf(() => openSqliteStore({ file, busyTimeoutMs: 50 }));
  expect({ code: error.code, field: error.field }).toEqual({ code: "store", field: file });
  expect(error.message).toMatch(what);
  expect(error.message).toContain(file);
  expect(error.fix).not.toBe("");
  expect(readFileSync(file).equals(before)).toBe(true);
}

describe("transactions", () => {
  it("write all or nothing", () => {
    const db = open(temporaryFile());
    db.write({ sync: true }, () => db.run("INSERT INTO halts VALUES ('a', 'x', 1)"));
    const fails = () =>
      db.write({ sync: true }, () => {
        db.run("INSERT INTO halts VALUES ('b', 'x', 1)");
        db.run("INSERT INTO halts VALUES ('a', 'x', 1)");
      });
    expect(fails).toThrow(/UNIQUE/);
    expect(db.all("SELECT loop FROM halts")).toEqual([expect.objectContaining({ loop: "a" })]);
    expect(db.write({ sync: false }, () => db.run("DELETE FROM halts"))).toBe(1);
  });

  it("take back a savepoint that is not to be kept, and nothing else", () => {
    const db = open(temporaryFile());
    const put = (loop: string) => db.run("INSERT INTO halts VALUES (?, 'x', 1)", loop);
    db.write({ sync: false }, () => {
      for (const loop of ["a", "b", "c"])
        db.savepoint(
          () => put(loop),
          () => loop !== "b",
        );
    });
    expect(db.all("SELECT loop FROM halts ORDER BY loop").map(({ loop }) => loop)).toEqual(["a", "c"]);
  });

  it("sync to the disk exactly when they are asked to", () => {
    const db = open(temporaryFile());
    const modes = [true, false, true, true].map((sync) => {
      db.write({ sync }, () => db.run("UPDATE syncs SET count = count + 1"));
      return db.one("PRAGMA synchronous")!.synchronous;
    });
    expect(modes).toEqual([2, 1, 2, 2]);
  });

  it("use the write-ahead log and refuse rows without their run", () => {
    const db = open(temporaryFile());
    expect(db.one("PRAGMA journal_mode")!.journal_mode).toBe("wal");
    const orphan = () =>
      db.write({ sync: false }, () => db.run("INSERT INTO timers VALUES ('nobody', 't', 1, '{}')"));
    expect(orphan).toThrow(/FOREIGN KEY/);
  });
});

describe("a new file", () => {
  it("is made with its directories, for the user alone", () => {
    const file = join(dirname(temporaryFile()), "a", "b", "store.db");
    open(file);
    expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it("may be an empty one that is there", () => {
    const file = temporaryFile();
    writeFileSync(file, "");
    expect(open(file).all("SELECT * FROM runs")).toEqual([]);
  });
});

describe("a file that cannot be used", () => {
  it("is refused when it is no database", () => {
    const file = temporaryFile();
    writeFileSync(file, "export default {};\n".repeat(100));
    expectRefusal(file, /is not a Loopwright store/);
  });

  it("is refused when it is a few bytes of something else", () => {
    const file = temporaryFile();
    writeFileSync(file, "hello");
    expectRefusal(file, /is not a Loopwright store/);
  });

  it("is refused when it belongs to another program", () => {
    const file = temporaryFile();
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE bookmarks (url TEXT)");
    db.close();
    expectRefusal(file, /is an SQLite database of another program/);
  });

  it("is refused when it is of a newer version, with both versions named", () => {
    const { file } = filledStore();
    const db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    expectRefusal(file, /has version 99, and this loopwright knows versions up to \d+$/);
    expect(errorOf(() => openSqliteStore({ file })).fix).toContain("upgrade loopwright");
  });

  it("is refused when its end is missing", () => {
    const { file, bytes } = filledStore();
    truncateSync(file, Math.floor(bytes.length / 2));
    expectRefusal(file, /is damaged/);
  });

  it("is refused when only its first bytes are left", () => {
    const { file } = filledStore();
    truncateSync(file, 512);
    expectRefusal(file, /is (damaged|not a Loopwright store)/);
  });

  it("is refused when its tables are gone", () => {
    const { file } = filledStore();
    const db = new DatabaseSync(file);
    db.exec("DROP TABLE journal");
    db.close();
    expectRefusal(file, /is damaged/);
  });

  it("is refused when it is a directory, or lies in a file", () => {
    const file = temporaryFile();
    mkdirSync(file);
    expect(errorOf(() => openSqliteStore({ file }))).toMatchObject({ code: "store", field: file });
    const inside = join(filledStore().file, "store.db");
    expect(errorOf(() => openSqliteStore({ file: inside }))).toMatchObject({ code: "store", field: inside });
  });

  it("names the file when damage deeper down is found by a later call", () => {
    const { file, bytes } = filledStore();
    // Everything but the schema's page becomes noise.
    const store = openSqliteStore({ file });
    onTestFinished(() => store.close());
    writeFileSync(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xee)]));
    const error = errorOf(() => store.journal("run-1"));
    expect(error).toMatchObject({ code: "store", field: file, message: `the store ${file} is damaged` });
  });
});

describe("a file that another process holds", () => {
  it("is waited for even where SQLite does not wait by itself: at turning the log on", async () => {
    const { file } = filledStore();
    const db = new DatabaseSync(file);
    db.exec("PRAGMA journal_mode = DELETE");
    db.close();
    expect(await startChild("lock", file, ["300"]).line()).toBe("locked");
    expect(open(file, 60_000).one("PRAGMA journal_mode")!.journal_mode).toBe("wal");
  });

  it("is waited for, then called locked; nothing is lost once it is free", async () => {
    const { file } = filledStore();
    const store = openSqliteStore({ file, busyTimeoutMs: 100 });
    onTestFinished(() => store.close());
    const child = startChild("lock", file);
    expect(await child.line()).toBe("locked");
    const error = errorOf(() => store.commit([], { sync: true }));
    expect(error).toMatchObject({ code: "store", field: file });
    expect(error.message).toContain("is locked by another process");
    expect(store.run("run-1")!.length).toBe(21);
    await child.kill();
    expect(store.commit([], { sync: true })).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("a file or a directory that may only be read", () => {
  function shut(
    file: string,
    { fileMode, directoryMode }: { fileMode: number; directoryMode: number },
  ): void {
    chmodSync(file, fileMode);
    chmodSync(dirname(file), directoryMode);
    onTestFinished(() => chmodSync(dirname(file), 0o700));
  }

  it("is refused for writing", async () => {
    const { file } = filledStore();
    shut(file, { fileMode: 0o444, directoryMode: 0o555 });
    expect(await startChild("tryTo", file).end()).toEqual([
      `store ${file} the store ${file} can only be read`,
    ]);
  });

  it("is refused when only the file may be written", async () => {
    const { file } = filledStore();
    shut(file, { fileMode: 0o666, directoryMode: 0o555 });
    const [line] = await startChild("tryTo", file).end();
    expect(line).toMatch(/^store .* the store .* (can only be read|cannot be opened)$/);
  });
});

const bwrap =
  spawnSync("bwrap", ["--ro-bind", "/", "/", "--size", "1000000", "--tmpfs", "/mnt", "true"]).status === 0;

describe.skipIf(!bwrap)("a disk that is full (needs bubblewrap)", () => {
  it("stops the commit that does not fit, leaves the earlier ones whole, and says so", () => {
    const child = new URL("./child.ts", import.meta.url).pathname;
    const options = ["--ro-bind", "/", "/", "--dev", "/dev", "--size", "1500000", "--tmpfs", "/mnt"];
    const run = spawnSync("bwrap", [
      ...options,
      process.execPath,
      "--no-warnings",
      child,
      "fill",
      "/mnt/store.db",
    ]);
    expect(String(run.stderr)).toBe("");
    expect(String(run.stdout).split("\n")).toEqual([
      "the store /mnt/store.db cannot grow: the disk is full",
      "whole true",
      "",
    ]);
  });
});
