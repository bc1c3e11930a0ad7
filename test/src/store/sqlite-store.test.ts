import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { LoopwrightError } from "../../../src/base/errors.ts";
import { openSqliteStore } from "../../../src/store/index.ts";
import { commitFor, storeCases } from "../../conformance/store.cases.ts";
import { tempDirectory } from "../../helpers/temp.ts";

storeCases("sqlite", () =>
  openSqliteStore({ file: join(mkdtempSync(join(tmpdir(), "loopwright-store-")), "store.db") }),
);

const newFile = (): string => join(tempDirectory("store"), "store.db");

/** A file with a run in it, closed again. */
function filled(rows = 1): string {
  const file = newFile();
  const store = openSqliteStore({ file });
  for (let i = 0; i < rows; i += 1) store.commit([commitFor(store, "a")], { sync: true });
  store.close();
  return file;
}

function refusalOf(work: () => unknown): LoopwrightError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(LoopwrightError);
    return error as LoopwrightError;
  }
  throw new Error("nothing was refused");
}

/** Runs a script against the store's sources in a process of its own. */
const child = (script: string, ...args: string[]) =>
  spawn(process.execPath, ["--input-type=module", "-e", script, ...args], {
    cwd: process.cwd(),
    stdio: ["ignore", "pipe", "inherit"],
  });

const script = `
  import { openSqliteStore } from "./src/store/index.ts";
  import { chainHash, genesisHash } from "./src/base/chain.ts";
  const [file, runId, rows] = process.argv.slice(1);
  const store = openSqliteStore({ file });
  const record = { id: runId, loop: "loop", goal: "g", contractDigest: "c", chartDigest: "h", contractFile: null, directory: "/",
    scratch: "/", status: "running", state: "acting", outcome: null, createdAt: 1, updatedAt: 1, length: 0, epoch: 0 };
  let previousHash = genesisHash;
  for (let seq = 1; seq <= Number(rows); seq += 1) {
    const entry = { runId, seq, at: seq, event: JSON.stringify({ seq }), snapshotDigest: "s", previousHash };
    const row = { ...entry, hash: chainHash(entry) };
    previousHash = row.hash;
    const [result] = store.commit([{ runId, epoch: 0, ...(seq === 1 ? { create: record } : {}), row, snapshot: JSON.stringify({ seq }),
      status: "running", state: "acting", outcome: null, timers: { set: [], clear: [] }, intents: [], outcomes: [], blobs: [] }], { sync: seq % 2 === 0 });
    if (!result.ok) throw new Error(result.refused);
    if (seq === 5) console.log("going");
  }
  store.close();
`;

describe("openSqliteStore", () => {
  it("keeps what was committed", () => {
    const file = filled();
    const store = openSqliteStore({ file });
    expect(store).toMatchObject({ kind: "sqlite", durable: true, location: file });
    expect(store.run("a")?.length).toBe(1);
    store.close();
  });

  it("makes the directory, for its user alone", () => {
    const file = join(tempDirectory("store"), "deep", "er", "store.db");
    openSqliteStore({ file }).close();
    expect(statSync(join(file, "..")).mode & 0o077).toBe(0);
  });

  it("lets ten processes open one new file at once", async () => {
    const file = newFile();
    const children = Array.from({ length: 10 }, (_, i) => child(script, file, `run-${i}`, "8"));
    const codes = await Promise.all(children.map(async (each) => (await once(each, "exit"))[0] as number));
    expect(codes).toEqual(Array.from({ length: 10 }, () => 0));
    const store = openSqliteStore({ file });
    expect(store.runs().map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 8));
    store.close();
  });

  it("holds no half commit after a writer was killed", async () => {
    const file = newFile();
    const writer = child(script, file, "a", "1000000");
    await once(writer.stdout, "data");
    writer.kill("SIGKILL");
    await once(writer, "exit");
    const store = openSqliteStore({ file });
    const { length } = store.run("a")!;
    expect(length).toBeGreaterThanOrEqual(5);
    expect(store.journal("a", { limit: length + 10 })).toHaveLength(length);
    expect(store.snapshot("a")).toBe(JSON.stringify({ seq: length }));
    store.close();
  });
});

describe("a store that cannot be used is refused, and left as it is", () => {
  it("of a newer version", () => {
    const file = filled();
    const db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    const error = refusalOf(() => openSqliteStore({ file }));
    expect(error).toMatchObject({ code: "store", field: file });
    expect(error.message).toContain("version 99");
    expect(error.fix).toContain("upgrade");
  });

  it("of another program", () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE theirs (x)");
    db.close();
    expect(refusalOf(() => openSqliteStore({ file })).message).toContain("another program");
  });

  it("that is no database", () => {
    const file = newFile();
    const text = "dear diary, ".repeat(1_000);
    writeFileSync(file, text);
    expect(refusalOf(() => openSqliteStore({ file })).message).toContain("is not a Loopwright store");
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("that was cut short", () => {
    const file = filled(50);
    truncateSync(file, 5_000);
    const error = refusalOf(() => {
      const store = openSqliteStore({ file });
      store.journal("a");
      store.runs();
    });
    expect(error.code).toBe("store");
    expect(error.message).toMatch(/damaged|not a Loopwright store/);
  });

  it("whose path is a directory", () => {
    const file = newFile();
    mkdirSync(file);
    expect(refusalOf(() => openSqliteStore({ file }))).toMatchObject({ code: "store", field: file });
  });

  it("that another process keeps locked", () => {
    const file = filled();
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const store = openSqliteStore({ file, busyTimeoutMs: 50 });
    const error = refusalOf(() => store.commit([commitFor(store, "a")], { sync: true }));
    expect(error.message).toContain("locked by another process");
    other.exec("ROLLBACK");
    other.close();
    expect(store.commit([commitFor(store, "a")], { sync: true })).toEqual([{ ok: true }]);
    store.close();
  });
});
