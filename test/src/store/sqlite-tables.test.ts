import { describe, expect, it, onTestFinished } from "vitest";
import type { EffectRow } from "../../../src/ports/store.ts";
import { type Database, openDatabase } from "../../../src/store/database.ts";
import { effectByKey, epochOf, haltOf, holderOf, sqliteTables } from "../../../src/store/sqlite-tables.ts";
import type { Tables } from "../../../src/store/tables.ts";
import { temporaryFile } from "./temporary.ts";
import { intentOf } from "./writer.ts";

function open(): { db: Database; tables: Tables } {
  const db = openDatabase({ file: temporaryFile(), readOnly: false, busyTimeoutMs: 5_000 });
  onTestFinished(() => db.close());
  return { db, tables: sqliteTables(db) };
}

const attempt = { attempt: 1, intentAt: 1, outcome: null, outcomeAt: null, source: null };

function effectOf(key: string, more: Partial<EffectRow>): EffectRow {
  const { attempt: _attempt, at: _at, grants: _grants, ...about } = intentOf(key, { businessKey: "order" });
  return { ...about, runId: "run-1", status: "inDoubt", result: null, attempts: [attempt], ...more };
}

describe("tables in a file", () => {
  it("hold a business key for one effect by a constraint of their own, whatever the rules said", () => {
    const { db, tables } = open();
    tables.putEffect(effectOf("a", {}), attempt);
    expect(() => tables.putEffect(effectOf("b", {}), attempt)).toThrow(
      /UNIQUE constraint failed: effects.business_key/,
    );
    tables.putEffect(effectOf("c", { status: "notApplied" }), attempt);
    expect(holderOf(db, "order")!.key).toBe("a");
  });

  it("use a grant for its own effect only by a constraint of their own", () => {
    const { db } = open();
    const put = () => db.run("INSERT INTO grants VALUES ('g', 'a', 'ann', 't', 1, 2, 'b', NULL)");
    expect(put).toThrow(/CHECK constraint failed/);
  });

  it("keep an effect that turns out to be applied beside the one that took its business key", () => {
    const { db, tables } = open();
    tables.putEffect(effectOf("a", { status: "notApplied" }), attempt);
    tables.putEffect(effectOf("b", {}), attempt);
    tables.putEffect(effectOf("a", { status: "applied" }), attempt);
    expect(db.all("SELECT key, raced FROM effects ORDER BY key")).toEqual([
      expect.objectContaining({ key: "a", raced: 1 }),
      expect.objectContaining({ key: "b", raced: 0 }),
    ]);
  });

  it("give back attempts in their order, with their times as numbers", () => {
    const { db, tables } = open();
    for (const number of [2, 10, 1])
      tables.putEffect(effectOf("a", {}), { ...attempt, attempt: number, intentAt: 1_700_000_000_000.5 });
    const { attempts } = effectByKey(db, "a")!;
    expect(attempts.map((each) => each.attempt)).toEqual([1, 2, 10]);
    expect(attempts[0]!.intentAt).toBe(1_700_000_000_000.5);
  });

  it("know no halt and epoch 0 at first", () => {
    const { db } = open();
    expect([haltOf(db, "repair"), epochOf(db, "run-1")]).toEqual([null, 0]);
  });
});
