import { expect, it } from "vitest";
import { fakeClock, openMemoryStore } from "../../../src/testing/index.ts";
import { createLife } from "../../../src/testing/life.ts";

it("reads and rings as long as it lasts, and not after", () => {
  const clock = fakeClock();
  const life = createLife({ store: openMemoryStore(), clock });
  const heard: string[] = [];
  life.clock.after(10, () => heard.push("first"));
  life.clock.after(20, () => heard.push("second"));
  expect(life.store.runs()).toEqual([]);
  clock.advance(10);
  life.end();
  clock.advance(10);
  expect(heard).toEqual(["first"]);
  expect(life.isOver).toBe(true);
  expect(() => life.store.runs()).toThrow("the process is dead");
  expect(() => life.store.commit([], { sync: true })).toThrow("the process is dead");
});

it("gives its leases to whoever comes next", () => {
  const store = openMemoryStore();
  const request = { runId: "run", now: 0, ttlMs: 1_000 };
  const [one, two] = [createLife({ store, clock: fakeClock() }), createLife({ store, clock: fakeClock() })];
  expect(one.store.acquire({ ...request, owner: "one" })).toHaveProperty("lease");
  expect(two.store.acquire({ ...request, owner: "two" })).toHaveProperty("heldBy");
  one.end();
  expect(two.store.acquire({ ...request, owner: "two" })).toHaveProperty("lease");
});

it("ends right after a commit, which stands", () => {
  const committed: number[] = [];
  const store = { ...openMemoryStore(), commit: () => [{ ok: committed.push(1) > 0 } as { ok: true }] };
  const life = createLife({ store, clock: fakeClock(), endsAfter: ([one]) => one?.state === "acting" });
  const commit = (state: string) => life.store.commit([{ state } as never], { sync: false });
  expect(commit("verifying")).toEqual([{ ok: true }]);
  expect(() => commit("acting")).toThrow("the process is dead");
  expect(() => commit("verifying")).toThrow("the process is dead");
  expect(committed).toHaveLength(2);
});
