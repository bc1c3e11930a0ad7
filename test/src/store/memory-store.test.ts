import { describe, expect, it } from "vitest";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import { storeCases } from "../../conformance/store.cases.ts";
import { startedRun } from "./writer.ts";

describe("the store in memory", () => {
  storeCases(openMemoryStore);

  it("never calls itself durable", () => {
    const { kind, durable, location } = openMemoryStore();
    expect({ kind, durable, location }).toEqual({ kind: "memory", durable: false, location: "memory" });
  });

  it("shares nothing with another one", () => {
    startedRun(openMemoryStore());
    expect(openMemoryStore().run("run-1")).toBeNull();
  });

  it("is not changed by what a caller does to a commit afterwards", () => {
    const store = openMemoryStore();
    const run = startedRun(store);
    const commit = run.next({ outcome: { tries: [1] } });
    store.commit([commit], { sync: false });
    commit.row.hash = "changed";
    (commit.outcome as { tries: number[] }).tries.push(2);
    expect(store.journal("run-1")[1]!.hash).not.toBe("changed");
    expect(store.run("run-1")!.outcome).toEqual({ tries: [1] });
  });
});
