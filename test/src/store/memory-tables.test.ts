import { describe, expect, it } from "vitest";
import { writeCommit } from "../../../src/store/commit-rules.ts";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import { emptyTables, haltOf, holderOf, type Kept, memoryTables } from "../../../src/store/memory-tables.ts";
import { grantOf, intentOf, recordOf, writerOf } from "./writer.ts";

function filled(): Kept {
  const kept = emptyTables();
  kept.leases.set("run-1", { owner: "host-1", epoch: 1, until: 1, held: true });
  kept.grants.set("g", grantOf("g", "a"));
  const run = writerOf(openMemoryStore());
  const timers = { set: [{ runId: "run-1", id: "t", dueAt: 1, event: "{}" }], clear: [] };
  writeCommit(memoryTables(kept).tables, run.next({ timers, blobs: [{ digest: "d", text: "x" }] }));
  kept.inbox.set(1, { seq: 1, runId: "run-1", at: 1, event: "{}" });
  return kept;
}

describe("tables in memory", () => {
  it("take back everything that was written", () => {
    const kept = filled();
    const before = structuredClone(kept);
    const { tables, takeBack } = memoryTables(kept);
    const effect = {
      ...intentOf("a"),
      runId: "run-1",
      status: "inDoubt" as const,
      result: null,
      attempts: [],
    };
    tables.putRun({ record: recordOf("run-1", { goal: "other" }), lastHash: "h", snapshot: "s" });
    tables.putRun({ record: recordOf("run-2"), lastHash: "h", snapshot: "s" });
    tables.addRow({ ...kept.runs.get("run-1")!.journal[0]!, seq: 2 });
    tables.setTimer({ runId: "run-1", id: "u", dueAt: 2, event: "{}" });
    tables.clearTimer("run-1", "t");
    tables.ownBlob("run-1", { digest: "e", text: "y" });
    tables.ownBlob("run-2", { digest: "d", text: "x" });
    expect(tables.foldDirective("run-1", 1)).toBe(true);
    expect(tables.useGrant("g", "a")).toBe(true);
    tables.putEffect(effect, { attempt: 1, intentAt: 1, outcome: null, outcomeAt: null, source: null });
    expect(kept).not.toEqual(before);
    takeBack();
    expect(kept).toEqual(before);
  });

  it("find the halt of a loop before that of all, and the effect that holds a business key", () => {
    const kept = emptyTables();
    kept.halts.set("*", "all").set("repair", "one");
    expect([haltOf(kept, "repair"), haltOf(kept, "triage")]).toEqual(["one", "all"]);
    const effect = { ...intentOf("a", { businessKey: "order" }), runId: "r", result: null, attempts: [] };
    kept.effects.set("a", { ...effect, status: "notApplied" });
    expect(holderOf(kept, "order")).toBeNull();
    kept.effects.set("b", { ...effect, key: "b", status: "applied" });
    expect(holderOf(kept, "order")!.key).toBe("b");
  });
});
