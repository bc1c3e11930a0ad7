import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chainHash, genesisHash } from "../../src/base/chain.ts";
import { digestBytes } from "../../src/base/digest.ts";
import type { GrantRow, Intent, OutcomeRecord, RunCommit, RunRecord, Store } from "../../src/ports/store.ts";

/** What every store must do, whatever it is made of. `open` gives an empty one. */

export const recordOf = (id: string, change: Partial<RunRecord> = {}): RunRecord => ({
  id,
  loop: "loop",
  goal: "goal",
  contractDigest: "c",
  chartDigest: "h",
  contractFile: null,
  directory: "/project",
  scratch: "/scratch",
  status: "running",
  state: "acting",
  outcome: null,
  createdAt: 1,
  updatedAt: 1,
  length: 0,
  epoch: 0,
  ...change,
});

/** The next commit of a run, as a host would make it. */
export function commitFor(store: Store, runId: string, change: Partial<RunCommit> = {}): RunCommit {
  const known = store.run(runId);
  const length = known?.length ?? 0;
  const previousHash = store.journal(runId, { after: length - 1 }).at(-1)?.hash ?? genesisHash;
  const entry = {
    runId,
    seq: length + 1,
    at: length + 1,
    event: `{"n":${length + 1}}`,
    snapshotDigest: "s",
    previousHash,
  };
  return {
    runId,
    epoch: known?.epoch ?? 0,
    ...(known === null ? { create: recordOf(runId) } : {}),
    row: { ...entry, hash: chainHash(entry) },
    snapshot: `{"after":${length + 1}}`,
    status: "running",
    state: "acting",
    outcome: null,
    timers: { set: [], clear: [] },
    intents: [],
    outcomes: [],
    blobs: [],
    ...change,
  };
}

export const intentOf = (key: string, change: Partial<Intent> = {}): Intent => ({
  key,
  attempt: 1,
  at: 1,
  loop: "loop",
  step: 1,
  index: 0,
  tool: "pay",
  input: "{}",
  actionDigest: "d",
  tree: null,
  businessKey: null,
  grants: [],
  ...change,
});

const outcomeOf = (key: string, change: Partial<OutcomeRecord> = {}): OutcomeRecord => ({
  key,
  attempt: 1,
  at: 2,
  outcome: "applied",
  result: '{"ok":true}',
  source: "tool",
  ...change,
});

const grantOf = (id: string, change: Partial<GrantRow> = {}): GrantRow => ({
  id,
  effectKey: "a/1/0",
  approver: "ann",
  token: "signed",
  issuedAt: 1,
  expiresAt: 100,
  usedBy: null,
  voidedAt: null,
  ...change,
});

export function storeCases(name: string, open: () => Store): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    const commit = (change: Partial<RunCommit> = {}, runId = "a") =>
      store.commit([commitFor(store, runId, change)], { sync: true })[0]!;

    beforeEach(() => {
      store = open();
      commit();
    });
    afterEach(() => store.close());

    it("gives back what a commit wrote", () => {
      commit({ snapshot: '{"x":1}', status: "parked", state: "escalated", outcome: { status: "stopped" } });
      expect(store.run("a")).toMatchObject({
        length: 2,
        status: "parked",
        state: "escalated",
        outcome: { status: "stopped" },
        updatedAt: 2,
      });
      expect(store.snapshot("a")).toBe('{"x":1}');
      expect(store.journal("a").map(({ seq }) => seq)).toEqual([1, 2]);
      expect(store.journal("a", { after: 1 }).map(({ seq }) => seq)).toEqual([2]);
      expect(store.journal("a", { limit: 1 }).map(({ seq }) => seq)).toEqual([1]);
    });

    it("knows nothing of a run that was never written", () => {
      expect(store.run("none")).toBeNull();
      expect(store.snapshot("none")).toBeNull();
      expect(store.journal("none")).toEqual([]);
      expect(store.effects("none")).toEqual([]);
    });

    it("lists runs newest first, by loop and status", () => {
      commit({ create: recordOf("b", { createdAt: 5, loop: "other" }) }, "b");
      commit({ create: recordOf("c", { createdAt: 3 }), status: "parked" }, "c");
      expect(store.runs().map(({ id }) => id)).toEqual(["b", "c", "a"]);
      expect(store.runs({ loop: "other" }).map(({ id }) => id)).toEqual(["b"]);
      expect(store.runs({ status: "parked" }).map(({ id }) => id)).toEqual(["c"]);
      expect(store.runs({ before: 5, limit: 1 }).map(({ id }) => id)).toEqual(["c"]);
    });

    describe("refuses a stale commit and leaves nothing of it", () => {
      it.each([
        ["another epoch", { epoch: 7 }],
        ["a run made twice", { create: recordOf("a") }],
      ])("%s", (_what, change) => {
        expect(commit({ ...change, snapshot: "{}" })).toEqual({ ok: false, refused: "stale" });
        expect(store.run("a")?.length).toBe(1);
        expect(store.snapshot("a")).toBe('{"after":1}');
      });

      it("a row that does not follow", () => {
        const late = commitFor(store, "a");
        commit();
        expect(store.commit([late], { sync: false })).toEqual([{ ok: false, refused: "stale" }]);
      });

      it("a row over another past", () => {
        const { row, ...rest } = commitFor(store, "a");
        const forged = { ...row, previousHash: digestBytes("elsewhere") };
        expect(store.commit([{ ...rest, row: forged }], { sync: false })[0]).toEqual({
          ok: false,
          refused: "stale",
        });
      });

      it("a run that nobody made", () => {
        const orphan = {
          ...commitFor(store, "a"),
          runId: "z",
          row: { ...commitFor(store, "a").row, runId: "z" },
        };
        expect(store.commit([orphan], { sync: false })[0]).toEqual({ ok: false, refused: "stale" });
      });
    });

    it("refuses one fold of a batch and lets the others stand", () => {
      commit({}, "b");
      const results = store.commit([commitFor(store, "a", { epoch: 9 }), commitFor(store, "b")], {
        sync: true,
      });
      expect(results).toEqual([{ ok: false, refused: "stale" }, { ok: true }]);
      expect([store.run("a")?.length, store.run("b")?.length]).toEqual([1, 2]);
    });

    it("keeps and clears timers", () => {
      const timer = { runId: "a", id: "t", dueAt: 10, event: "{}" };
      commit({ timers: { set: [timer], clear: [] } });
      expect(store.timers("a")).toEqual([timer]);
      commit({ timers: { set: [{ ...timer, dueAt: 20 }], clear: ["t"] } });
      expect(store.timers("a")).toEqual([{ ...timer, dueAt: 20 }]);
      commit({ timers: { set: [], clear: ["t"] } });
      expect(store.timers("a")).toEqual([]);
    });

    describe("as a ledger", () => {
      const intend = (change: Partial<Intent> = {}) => commit({ intents: [intentOf("a/1/0", change)] });
      const learn = (change: Partial<OutcomeRecord> = {}) =>
        commit({ outcomes: [outcomeOf("a/1/0", change)] });
      const effect = () => store.effect("a/1/0");

      it("puts an intended effect in doubt until its outcome", () => {
        intend();
        expect(effect()).toMatchObject({
          status: "inDoubt",
          result: null,
          attempts: [{ attempt: 1, outcome: null }],
        });
        learn();
        expect(effect()).toMatchObject({
          status: "applied",
          result: '{"ok":true}',
          attempts: [{ outcome: "applied", source: "tool" }],
        });
      });

      it("refuses the same attempt twice", () => {
        intend();
        expect(intend()).toEqual({ ok: false, refused: "stale" });
      });

      it.each(["unknown", "notApplied"] as const)("never overwrites applied by a later %s", (outcome) => {
        intend();
        learn();
        learn({ outcome, result: null });
        expect(effect()).toMatchObject({ status: "applied", result: '{"ok":true}' });
      });

      it("stays in doubt while any attempt is unknown", () => {
        intend();
        learn({ outcome: "unknown", result: null });
        intend({ attempt: 2 });
        learn({ attempt: 2, outcome: "notApplied", result: null });
        expect(effect()?.status).toBe("inDoubt");
        learn({ attempt: 1, outcome: "notApplied", result: null, source: "late" });
        expect(effect()?.status).toBe("notApplied");
      });

      it("is applied as soon as any attempt was", () => {
        intend();
        learn({ outcome: "unknown", result: null });
        intend({ attempt: 2 });
        learn({ attempt: 1, source: "late" });
        expect(effect()?.status).toBe("applied");
      });

      it("lets a person settle a doubt as absent", () => {
        intend();
        learn({ outcome: "unknown", result: null });
        learn({ outcome: "notApplied", result: null, source: "person" });
        expect(effect()?.status).toBe("notApplied");
      });

      it("refuses a business key that another effect holds, in any run", () => {
        intend({ businessKey: "refund:1" });
        commit({}, "b");
        const second = () => commit({ intents: [intentOf("b/1/0", { businessKey: "refund:1" })] }, "b");
        expect(second()).toEqual({ ok: false, refused: "duplicate" });
        expect(store.effect("b/1/0")).toBeNull();
        expect(store.businessKeyHolder("refund:1")?.key).toBe("a/1/0");
        learn({ outcome: "notApplied", result: null });
        expect(second()).toEqual({ ok: true });
        expect(store.businessKeyHolder("refund:1")?.key).toBe("b/1/0");
      });

      it("lets the holder of a business key attempt again", () => {
        intend({ businessKey: "refund:1" });
        learn({ outcome: "unknown", result: null });
        expect(intend({ attempt: 2, businessKey: "refund:1" })).toEqual({ ok: true });
      });

      it("uses a grant once, for one effect", () => {
        store.putGrant(grantOf("g"));
        expect(intend({ grants: ["g"] })).toEqual({ ok: true });
        expect(store.grants("a/1/0")).toMatchObject([{ usedBy: "a/1/0" }]);
        expect(commit({ intents: [intentOf("a/1/1", { index: 1, grants: ["g"] })] })).toEqual({
          ok: false,
          refused: "grantUsed",
        });
        expect(store.effect("a/1/1")).toBeNull();
        expect(intend({ attempt: 2, grants: ["g"] })).toEqual({ ok: true });
      });

      it("refuses grants that are void or unknown", () => {
        store.putGrant(grantOf("g"));
        store.voidGrants("a", 5);
        expect(store.grants("a/1/0")).toMatchObject([{ voidedAt: 5 }]);
        expect(intend({ grants: ["g"] })).toEqual({ ok: false, refused: "grantUsed" });
        expect(intend({ grants: ["nobody"] })).toEqual({ ok: false, refused: "grantUsed" });
      });

      it("voids the grants of one run only", () => {
        store.putGrant(grantOf("g", { effectKey: "ab/1/0" }));
        store.voidGrants("a", 5);
        expect(store.grants("ab/1/0")).toMatchObject([{ voidedAt: null }]);
      });

      it.each([null, "loop"])("refuses intents under a halt of %s, and only intents", (loop) => {
        store.halt(loop, "stop", 1);
        expect(store.halted("loop")).toBe("stop");
        expect(intend()).toEqual({ ok: false, refused: "halted" });
        expect(commit()).toEqual({ ok: true });
        store.liftHalt(loop);
        expect(intend()).toEqual({ ok: true });
      });

      it("does not halt other loops", () => {
        store.halt("other", "stop", 1);
        expect(store.halted("loop")).toBeNull();
      });

      it("keeps effects when their run is removed", () => {
        intend({ businessKey: "refund:1" });
        store.remove("a");
        expect(store.run("a")).toBeNull();
        expect(store.journal("a")).toEqual([]);
        expect(store.businessKeyHolder("refund:1")?.key).toBe("a/1/0");
      });
    });

    it("hands out directives in order until they are folded", () => {
      const first = store.post({ runId: "a", at: 5, event: '{"n":1}' });
      const second = store.post({ runId: "a", at: 4, event: '{"n":2}' });
      store.post({ runId: "b", at: 4, event: '{"n":3}' });
      expect(store.directives(["a"]).map(({ seq }) => seq)).toEqual([first, second]);
      commit({ directive: first });
      expect(store.directives(["a"])).toEqual([{ seq: second, runId: "a", at: 4, event: '{"n":2}' }]);
      expect(store.directives([])).toEqual([]);
    });

    it("keeps a directive whose fold was refused", () => {
      const seq = store.post({ runId: "a", at: 5, event: "{}" });
      commit({ directive: seq, epoch: 9 });
      expect(store.directives(["a"])).toHaveLength(1);
    });

    it("keeps blobs by their digest", () => {
      const digest = store.putBlob("hello");
      expect(digest).toBe(digestBytes("hello"));
      expect(store.putBlob("hello")).toBe(digest);
      expect(store.blob(digest)).toBe("hello");
      expect(store.blob("none")).toBeNull();
    });

    it("remembers values by run and key", () => {
      store.remember("a", "base", "12");
      store.remember("a", "base", "13");
      expect(store.remembered("a", "base")).toBe("13");
      expect(store.remembered("b", "base")).toBeNull();
    });

    describe("as a keeper of leases", () => {
      const ask = (owner: string, now: number) => store.acquire({ runId: "a", owner, now, ttlMs: 10 });

      it("gives a run to one owner at a time", () => {
        expect(ask("one", 0)).toEqual({ lease: { owner: "one", epoch: 1, until: 10 } });
        expect(ask("two", 5)).toEqual({ heldBy: { owner: "one", epoch: 1, until: 10 } });
        expect(store.holds({ runId: "a", owner: "one", epoch: 1, now: 9 })).toBe(true);
      });

      it("extends the lease of its owner without a new epoch", () => {
        ask("one", 0);
        expect(ask("one", 5)).toEqual({ lease: { owner: "one", epoch: 1, until: 15 } });
        expect(store.renew({ runIds: ["a", "b"], owner: "one", now: 14, ttlMs: 10 })).toEqual(["a"]);
        expect(store.holds({ runId: "a", owner: "one", epoch: 1, now: 23 })).toBe(true);
      });

      it("fences the old owner once another took an expired lease", () => {
        ask("one", 0);
        expect(ask("two", 10)).toEqual({ lease: { owner: "two", epoch: 2, until: 20 } });
        expect(store.holds({ runId: "a", owner: "one", epoch: 1, now: 10 })).toBe(false);
        expect(store.renew({ runIds: ["a"], owner: "one", now: 10, ttlMs: 10 })).toEqual([]);
        expect(commit({ epoch: 1 })).toEqual({ ok: false, refused: "stale" });
        expect(commit({ epoch: 2 })).toEqual({ ok: true });
      });

      it("raises the epoch when an owner takes its own expired lease again", () => {
        ask("one", 0);
        expect(ask("one", 11)).toMatchObject({ lease: { epoch: 2 } });
      });

      it("gives a released run away at once, but not on the word of another", () => {
        ask("one", 0);
        store.release({ runId: "a", owner: "two", epoch: 1 });
        expect(ask("two", 1)).toHaveProperty("heldBy");
        store.release({ runId: "a", owner: "one", epoch: 1 });
        expect(ask("two", 1)).toMatchObject({ lease: { epoch: 2 } });
      });
    });
  });
}
