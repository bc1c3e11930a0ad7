import { describe, expect, it } from "vitest";
import { writeCommit } from "../../../src/store/commit-rules.ts";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import { emptyTables, memoryTables } from "../../../src/store/memory-tables.ts";
import { intentOf, writerOf } from "./writer.ts";

/** The first commit of a run, and tables that know its lease. */
function firstCommit() {
  const run = writerOf(openMemoryStore());
  const kept = emptyTables();
  kept.leases.set(run.id, { owner: "host-1", epoch: run.epoch, until: 1, held: true });
  return { run, tables: memoryTables(kept).tables };
}

describe("one fold", () => {
  it("is written with everything that it changes", () => {
    const { run, tables } = firstCommit();
    const timer = { runId: run.id, id: "t", dueAt: 1, event: "{}" };
    const commit = run.next({
      status: "parked",
      state: "waiting",
      timers: { set: [timer], clear: [] },
      intents: [intentOf("k")],
    });
    expect(writeCommit(tables, commit)).toBeNull();
    expect(tables.run(run.id)).toMatchObject({
      lastHash: commit.row.hash,
      record: { status: "parked", state: "waiting", length: 1 },
    });
    expect(tables.effect("k")!.status).toBe("inDoubt");
  });

  it("is refused as stale before anything else is looked at", () => {
    const { run, tables } = firstCommit();
    const commit = run.next({ epoch: 9, intents: [intentOf("k")] });
    expect(writeCommit(tables, commit)).toBe("stale");
    expect([tables.run(run.id), tables.effect("k")]).toEqual([null, null]);
  });
});
