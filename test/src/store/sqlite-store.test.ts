import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { verifyRow } from "../../../src/base/chain.ts";
import type { Store } from "../../../src/ports/store.ts";
import { openSqliteStore } from "../../../src/store/sqlite-store.ts";
import { storeCases } from "../../conformance/store.cases.ts";
import { startChild } from "./children.ts";
import { temporaryFile } from "./temporary.ts";
import { grantOf, intentOf, startedRun, writerOf } from "./writer.ts";

const directory = mkdtempSync(join(tmpdir(), "loopwright-store-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let opened = 0;

describe("the store in a file", () => {
  storeCases(() => {
    opened += 1;
    return openSqliteStore({ file: join(directory, `${opened}.db`) });
  });
});

function open(file: string, options: { readOnly?: boolean; busyTimeoutMs?: number } = {}): Store {
  const store = openSqliteStore({ file, ...options });
  onTestFinished(() => store.close());
  return store;
}

const brokenRows = (store: Store, runId: string): string[] => {
  const rows = store.journal(runId, { limit: 100_000 });
  return rows.map((row, i) => verifyRow(row, rows[i - 1] ?? null)).filter((problem) => problem !== null);
};

describe("a file", () => {
  it("keeps everything over closing and opening", () => {
    const file = temporaryFile();
    const first = openSqliteStore({ file });
    startedRun(first).commit({ intents: [intentOf("k", { businessKey: "order" })] });
    first.halt(null, "freeze", 1);
    const seen = [first.run("run-1"), first.journal("run-1"), first.effect("k")];
    first.close();
    const second = open(file);
    expect([second.run("run-1"), second.journal("run-1"), second.effect("k")]).toEqual(seen);
    expect([second.halted("x"), second.businessKeyHolder("order")?.key]).toEqual(["freeze", "k"]);
  });

  it("says where it is, as a whole path, and that it is durable", () => {
    const file = temporaryFile();
    const { kind, durable, location } = open(relative(process.cwd(), file));
    expect({ kind, durable, location }).toEqual({ kind: "sqlite", durable: true, location: resolve(file) });
  });

  it("is never a database in memory, whatever its name", () => {
    const file = temporaryFile(":memory:");
    open(file);
    expect(existsSync(file)).toBe(true);
  });

  it("may be closed twice", () => {
    const store = openSqliteStore({ file: temporaryFile() });
    store.close();
    expect(() => store.close()).not.toThrow();
  });

  it("brings earlier commits to the disk by a synced one that has nothing to write", () => {
    const file = temporaryFile();
    const store = open(file);
    startedRun(store);
    const log = () => statSync(`${file}-wal`).size;
    const before = log();
    store.commit([], { sync: false });
    expect(log()).toBe(before);
    store.commit([], { sync: true });
    expect(log()).toBeGreaterThan(before);
  });

  it("finds runs, timers, directives and effects by an index, however many are parked", () => {
    const file = temporaryFile();
    open(file);
    const db = new DatabaseSync(file);
    onTestFinished(() => db.close());
    const plan = (sql: string) =>
      (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
        .map(({ detail }) => detail)
        .join("; ");
    const order = "ORDER BY created_at DESC, id DESC LIMIT 10";
    const plans = [
      plan(`SELECT record FROM runs ${order}`),
      plan(`SELECT record FROM runs WHERE status = 'running' ${order}`),
      plan(`SELECT record FROM runs WHERE loop = 'x' ${order}`),
      plan(`SELECT record FROM runs WHERE loop = 'x' AND status = 'running' ${order}`),
      plan("SELECT * FROM effects WHERE run_id = 'x' ORDER BY step, idx"),
      plan("SELECT * FROM effects WHERE business_key = 'x' AND status IN ('inDoubt', 'applied')"),
      plan("SELECT * FROM inbox WHERE folded = 0 AND run_id = 'x' ORDER BY seq"),
      plan("SELECT * FROM grants WHERE effect_key >= 'a' AND effect_key < 'b'"),
    ];
    for (const text of plans) expect(text).toMatch(/USING (COVERING )?INDEX/);
    for (const text of plans) expect(text).not.toContain("TEMP B-TREE");
  });
});

describe("a file that is only read", () => {
  it("shows what is there and refuses to write", () => {
    const file = temporaryFile();
    startedRun(open(file));
    const reader = open(file, { readOnly: true });
    expect(reader.run("run-1")!.length).toBe(1);
    expect(() => reader.halt(null, "x", 1)).toThrow(/can only be read/);
    expect(() => reader.commit([], { sync: true })).toThrow(/can only be read/);
  });

  it("is not made, nor its directory", () => {
    const file = join(temporaryFile(), "deeper", "store.db");
    expect(() => openSqliteStore({ file, readOnly: true })).toThrow(/cannot be opened/);
    expect(existsSync(join(file, ".."))).toBe(false);
  });
});

describe("two connections", () => {
  it("see each other's commits at once", () => {
    const file = temporaryFile();
    const [a, b] = [open(file), open(file)];
    const run = startedRun(a);
    expect(b.run("run-1")!.length).toBe(1);
    const seq = b.post({ runId: "run-1", at: 1, event: "{}" });
    expect(a.directives(["run-1"]).map((row) => row.seq)).toEqual([seq]);
    run.commit({ directive: seq });
    expect(b.directives(["run-1"])).toEqual([]);
  });

  it("fence off a host whose run was taken, even in the middle of its work", () => {
    const file = temporaryFile();
    const [a, b] = [open(file), open(file)];
    const slow = startedRun(a, { owner: "slow" });
    const quick = writerOf(b, { owner: "quick", now: 1_000_000 });
    expect(slow.commit()).toEqual({ ok: false, refused: "stale" });
    expect(quick.commit()).toEqual({ ok: true });
    expect(a.holds({ runId: "run-1", owner: "slow", epoch: slow.epoch, now: 1_000 })).toBe(false);
  });

  it("let only one have a run, a business key, a grant", () => {
    const file = temporaryFile();
    const [a, b] = [open(file), open(file)];
    const lease = { runId: "run-9", now: 1, ttlMs: 100 };
    expect("lease" in a.acquire({ ...lease, owner: "a" })).toBe(true);
    expect("heldBy" in b.acquire({ ...lease, owner: "b" })).toBe(true);
    const [one, two] = [startedRun(a), startedRun(b, { id: "run-2" })];
    a.putGrant(grantOf("g", "a"));
    expect(one.commit({ intents: [intentOf("a", { businessKey: "order", grants: ["g"] })] })).toEqual({
      ok: true,
    });
    expect(two.commit({ intents: [intentOf("b", { businessKey: "order" })] })).toEqual({
      ok: false,
      refused: "duplicate",
    });
    expect(two.commit({ intents: [intentOf("b", { grants: ["g"] })] })).toEqual({
      ok: false,
      refused: "grantUsed",
    });
  });
});

describe("many processes", () => {
  const names = Array.from({ length: 10 }, (_, i) => `run-${i}`);

  it("make and open one file at once, and all write to it", async () => {
    const file = temporaryFile("deeper/store.db");
    const children = names.map((name) => startChild("open", file, [name]));
    expect(await Promise.all(children.map((child) => child.end()))).toEqual(names.map(() => ["done"]));
    const store = open(file);
    expect(names.map((name) => store.run(name)?.length)).toEqual(names.map(() => 21));
    expect(names.flatMap((name) => brokenRows(store, name))).toEqual([]);
  });

  it("leave a run, a business key and a grant to exactly one of them", async () => {
    const file = temporaryFile();
    const children = names.slice(0, 6).map((name) => startChild("race", file, [name]));
    const answers = (await Promise.all(children.map((child) => child.end()))).map(([line]) =>
      line!.split(" "),
    );
    const count = (column: number, word: string) => answers.filter((words) => words[column] === word).length;
    expect([count(0, "lease"), count(1, "won"), count(2, "won")]).toEqual([1, 1, 1]);
  });
});

describe("a writer that is killed", () => {
  it.each([1, 2, 3])(
    "loses nothing that was acknowledged and leaves no half commit (kill %i)",
    async (round) => {
      const file = temporaryFile();
      const child = startChild("write", file);
      let acknowledged = 0;
      const enough = 20 + 17 * round;
      while (acknowledged < enough) acknowledged = Number(await child.line());
      await child.kill();
      for (let line = await child.line(); line !== null; line = await child.line())
        acknowledged = Number(line);
      const store = open(file);
      const [a, b] = ["run-1", "run-2"].map((id) => {
        const steps = store.run(id)!.length - 1;
        expect(brokenRows(store, id)).toEqual([]);
        expect(store.effects(id)).toHaveLength(steps);
        expect(store.snapshot(id)).toBe(`{"step":${steps}}`);
        expect(store.timers(id).map(({ dueAt }) => dueAt)).toEqual([steps]);
        return steps;
      });
      expect(a).toBe(b);
      expect(a! - acknowledged).toBeOneOf([0, 1]);
      expect(startedRun(store, { id: "run-3" }).commit()).toEqual({ ok: true });
    },
  );
});
