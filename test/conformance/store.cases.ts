import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyRow } from "../../src/base/chain.ts";
import { digestBytes } from "../../src/base/digest.ts";
import type { Store } from "../../src/ports/store.ts";
import { grantOf, intentOf, outcomeOf, recordOf, startedRun, writerOf } from "../src/store/writer.ts";

const ok = { ok: true };
const refused = (reason: string) => ({ ok: false, refused: reason });
const found = (key: string, outcome: "applied" | "notApplied" | "unknown", more = {}) =>
  outcomeOf(key, { outcome, result: outcome === "applied" ? '{"ok":true}' : null, ...more });
const until = (now: number) => ({ now, ttlMs: 1_000 });

/** What every store must do, whatever it is made of. */
export function storeCases(open: () => Store): void {
  let store: Store;
  beforeEach(() => {
    store = open();
  });
  afterEach(() => store.close());

  describe("runs and journal", () => {
    it("gives back what the first commit wrote", () => {
      const run = writerOf(store, { record: { createdAt: 5 } });
      const first = run.next({ snapshot: '{"a":1}', outcome: { status: "none" } });
      expect(store.commit([first], { sync: true })).toEqual([ok]);
      const state = { status: "running", state: "acting", outcome: { status: "none" } };
      expect(store.run("run-1")).toEqual({
        ...recordOf("run-1", { createdAt: 5 }),
        ...state,
        updatedAt: 1_001,
        length: 1,
        epoch: 1,
      });
      expect(store.journal("run-1")).toEqual([first.row]);
      expect(store.snapshot("run-1")).toBe('{"a":1}');
    });

    it("answers null and nothing for what it does not know", () => {
      expect([
        store.run("x"),
        store.snapshot("x"),
        store.blob("x"),
        store.effect("x"),
        store.remembered("x", "k"),
      ]).toEqual(Array(5).fill(null));
      expect([
        store.journal("x"),
        store.timers("x"),
        store.effects("x"),
        store.grants("x"),
        store.directives(["x"]),
      ]).toEqual(Array(5).fill([]));
      expect([store.businessKeyHolder("x"), store.halted("x"), store.runs(), store.directives([])]).toEqual([
        null,
        null,
        [],
        [],
      ]);
    });

    it("chains rows that verify", () => {
      const run = startedRun(store);
      run.commit();
      run.commit();
      const rows = store.journal("run-1");
      expect(rows.map((row, i) => verifyRow(row, rows[i - 1] ?? null))).toEqual([null, null, null]);
    });

    it("pages through a journal", () => {
      const run = startedRun(store);
      for (let i = 0; i < 4; i += 1) run.commit();
      const seqs = (options: { after?: number; limit?: number }) =>
        store.journal("run-1", options).map(({ seq }) => seq);
      expect([
        seqs({}),
        seqs({ after: 3 }),
        seqs({ after: 1, limit: 2 }),
        seqs({ after: 5 }),
        seqs({ after: -1, limit: 1 }),
      ]).toEqual([[1, 2, 3, 4, 5], [4, 5], [2, 3], [], [1]]);
    });

    it("keeps text as it is: emoji, a NUL, an escape, a lone quote", () => {
      const odd = JSON.stringify({ text: "💥\u0000\u001b[2J'\"\u202e" });
      const run = startedRun(store);
      run.commit({ snapshot: odd, blobs: [{ digest: digestBytes(odd), text: odd }] });
      expect([store.snapshot("run-1"), store.blob(digestBytes(odd))]).toEqual([odd, odd]);
    });

    it("takes over new digests of an accepted change", () => {
      const run = startedRun(store);
      run.commit({ digests: { contractDigest: "e".repeat(64), chartDigest: "f".repeat(64) } });
      expect(store.run("run-1")).toMatchObject({
        contractDigest: "e".repeat(64),
        chartDigest: "f".repeat(64),
      });
    });

    it("lists runs newest first, by loop, status, age and number", () => {
      const make = (id: string, record: object, status: "running" | "parked" | "ended") =>
        writerOf(store, { id, record }).commit({ status });
      make("a", { createdAt: 10, loop: "repair" }, "running");
      make("b", { createdAt: 30, loop: "triage" }, "parked");
      make("c", { createdAt: 20, loop: "repair" }, "ended");
      make("d", { createdAt: 30, loop: "repair" }, "parked");
      const ids = (filter: Parameters<Store["runs"]>[0]) => store.runs(filter).map(({ id }) => id);
      expect(ids({})).toEqual(["d", "b", "c", "a"]);
      expect(ids({ loop: "repair" })).toEqual(["d", "c", "a"]);
      expect(ids({ status: "parked" })).toEqual(["d", "b"]);
      expect(ids({ loop: "repair", status: "parked" })).toEqual(["d"]);
      expect(ids({ before: 30, limit: 1 })).toEqual(["c"]);
      expect(ids({ limit: 0 })).toEqual([]);
    });

    it("hands out copies", () => {
      startedRun(store).commit({ intents: [intentOf("run-1/1/0")] });
      store.run("run-1")!.length = 99;
      store.journal("run-1")[0]!.hash = "forged";
      store.effect("run-1/1/0")!.attempts.length = 0;
      expect(store.run("run-1")!.length).toBe(2);
      expect(store.journal("run-1")[0]!.hash).not.toBe("forged");
      expect(store.effect("run-1/1/0")!.attempts).toHaveLength(1);
    });
  });

  describe("a fold that comes from elsewhere", () => {
    it("is stale when its epoch is not the present one", () => {
      const run = startedRun(store);
      expect(run.commit({ epoch: run.epoch - 1 })).toEqual(refused("stale"));
      expect(run.commit({ epoch: run.epoch + 1 })).toEqual(refused("stale"));
      expect(run.commit()).toEqual(ok);
    });

    it("is stale once another host has taken the run, and never before", () => {
      const run = startedRun(store, { owner: "slow" });
      const late = 1_000_000;
      expect(run.commit()).toEqual(ok);
      writerOf(store, { owner: "quick", now: late });
      expect(run.commit()).toEqual(refused("stale"));
    });

    it("is stale when it starts a run under another epoch than its lease", () => {
      const run = writerOf(store);
      expect(run.commit({ epoch: 7 })).toEqual(refused("stale"));
      expect(store.run("run-1")).toBeNull();
    });

    it("is stale when it starts a run that is there, or continues one that is not", () => {
      const run = startedRun(store);
      expect(run.commit({ create: recordOf("run-1") })).toEqual(refused("stale"));
      const { create: _create, ...orphan } = writerOf(store, { id: "run-2" }).next();
      expect(store.commit([orphan], { sync: false })).toEqual([refused("stale")]);
    });

    it("is stale when its row does not follow, by number or by hash", () => {
      const run = startedRun(store);
      const { row, ...rest } = run.next();
      const batch = [
        { ...rest, row: { ...row, seq: 1 } },
        { ...rest, row: { ...row, seq: 3 } },
        { ...rest, row: { ...row, previousHash: "9".repeat(64) } },
      ];
      expect(store.commit(batch, { sync: true })).toEqual(Array(3).fill(refused("stale")));
      expect(store.run("run-1")!.length).toBe(1);
    });
  });

  describe("a batch", () => {
    it("commits several runs, and several rows of one run in order", () => {
      const [a, b] = [startedRun(store), startedRun(store, { id: "run-2" })];
      const first = a.next();
      a.accepted(first);
      expect(store.commit([first, b.next(), a.next()], { sync: true })).toEqual([ok, ok, ok]);
      expect([store.run("run-1")!.length, store.run("run-2")!.length]).toEqual([3, 2]);
    });

    it("lets the others stand when one is refused, and refuses what would have followed it", () => {
      const [a, b] = [startedRun(store), startedRun(store, { id: "run-2" })];
      store.halt("repair", "freeze", 1);
      const halted = a.next({ intents: [intentOf("run-1/1/0")] });
      a.accepted(halted);
      expect(store.commit([halted, a.next(), b.next()], { sync: true })).toEqual([
        refused("halted"),
        refused("stale"),
        ok,
      ]);
    });

    it("leaves nothing of a refused fold", () => {
      const run = startedRun(store);
      store.putGrant(grantOf("g1", "run-1/1/0"));
      store.putGrant(grantOf("g2", "elsewhere"));
      run.commit({ timers: { set: [{ runId: "run-1", id: "old", dueAt: 1, event: "{}" }], clear: [] } });
      const before = store.run("run-1");
      const seq = store.post({ runId: "run-1", at: 1, event: "{}" });
      const result = run.commit({
        directive: seq,
        timers: { set: [{ runId: "run-1", id: "new", dueAt: 1, event: "{}" }], clear: ["old"] },
        blobs: [{ digest: digestBytes("blob"), text: "blob" }],
        intents: [
          intentOf("run-1/1/0", { grants: ["g1"], businessKey: "order" }),
          intentOf("run-1/1/1", { index: 1, grants: ["g2"] }),
        ],
      });
      expect(result).toEqual(refused("grantUsed"));
      expect(store.run("run-1")).toEqual(before);
      expect(store.snapshot("run-1")).toBe('{"seq":2}');
      expect(store.journal("run-1")).toHaveLength(2);
      expect(store.timers("run-1").map(({ id }) => id)).toEqual(["old"]);
      expect(store.blob(digestBytes("blob"))).toBeNull();
      expect([store.effects("run-1"), store.businessKeyHolder("order")]).toEqual([[], null]);
      expect(store.grants("run-1/1/0")[0]!.usedBy).toBeNull();
      expect(store.directives(["run-1"])).toHaveLength(1);
    });

    it("takes an empty one", () => {
      expect(store.commit([], { sync: true })).toEqual([]);
      expect(store.commit([], { sync: false })).toEqual([]);
    });
  });

  describe("timers and directives", () => {
    const timer = (id: string, dueAt: number) => ({ runId: "run-1", id, dueAt, event: `{"type":"${id}"}` });

    it("sets, replaces and clears timers, soonest first", () => {
      const run = startedRun(store);
      run.commit({ timers: { set: [timer("a", 30), timer("b", 10), timer("c", 20)], clear: [] } });
      run.commit({ timers: { set: [timer("b", 40)], clear: ["a", "unknown"] } });
      expect(store.timers("run-1")).toEqual([timer("c", 20), timer("b", 40)]);
    });

    it("sets again a timer that the same fold clears", () => {
      const run = startedRun(store);
      run.commit({ timers: { set: [timer("a", 30)], clear: [] } });
      run.commit({ timers: { set: [timer("a", 50)], clear: ["a"] } });
      expect(store.timers("run-1")).toEqual([timer("a", 50)]);
    });

    it("orders directives of all runs and gives each once to the fold that takes it", () => {
      const run = startedRun(store);
      startedRun(store, { id: "run-2" });
      const [a, b, c] = ["run-1", "run-2", "run-1"].map((runId) =>
        store.post({ runId, at: 5, event: `{"to":"${runId}"}` }),
      );
      expect(store.directives(["run-2", "run-1"]).map(({ seq }) => seq)).toEqual([a, b, c]);
      expect(store.directives(["run-1"])[0]).toEqual({
        seq: a,
        runId: "run-1",
        at: 5,
        event: '{"to":"run-1"}',
      });
      expect(run.commit({ directive: a! })).toEqual(ok);
      expect(store.directives(["run-1"]).map(({ seq }) => seq)).toEqual([c]);
    });

    it("refuses to fold a directive twice, or one of another run", () => {
      const run = startedRun(store);
      startedRun(store, { id: "run-2" });
      const mine = store.post({ runId: "run-1", at: 5, event: "{}" });
      const other = store.post({ runId: "run-2", at: 5, event: "{}" });
      run.commit({ directive: mine });
      expect(run.commit({ directive: mine })).toEqual(refused("stale"));
      expect(run.commit({ directive: other })).toEqual(refused("stale"));
    });

    it("refuses a directive for a run that is not there", () => {
      expect(() => store.post({ runId: "nobody", at: 1, event: "{}" })).toThrow("there is no run nobody");
    });

    it("never gives a directive's number again", () => {
      startedRun(store).commit({ status: "ended" });
      const first = store.post({ runId: "run-1", at: 1, event: "{}" });
      store.remove("run-1");
      startedRun(store);
      expect(store.post({ runId: "run-1", at: 1, event: "{}" })).toBeGreaterThan(first);
    });
  });

  describe("the ledger", () => {
    it("writes the intent with the fold that asks for it, in doubt from then on", () => {
      const run = startedRun(store);
      const intent = intentOf("run-1/2/1", {
        step: 2,
        index: 1,
        tree: "t".repeat(40),
        businessKey: "order:1",
      });
      expect(run.commit({ intents: [intent] })).toEqual(ok);
      const { attempt, at, grants: _grants, ...about } = intent;
      const attempts = [{ attempt, intentAt: at, outcome: null, outcomeAt: null, source: null }];
      const effect = { ...about, runId: "run-1", status: "inDoubt", result: null, attempts };
      expect(store.effect("run-1/2/1")).toEqual(effect);
      expect(store.effects("run-1")).toEqual([effect]);
      expect(store.businessKeyHolder("order:1")).toEqual(effect);
    });

    it("lists a run's effects by step and index", () => {
      const run = startedRun(store);
      for (const [step, index] of [
        [10, 0],
        [2, 1],
        [2, 0],
      ] as const) {
        run.commit({ intents: [intentOf(`run-1/${step}/${index}`, { step, index })] });
      }
      expect(store.effects("run-1").map(({ key }) => key)).toEqual(["run-1/2/0", "run-1/2/1", "run-1/10/0"]);
    });

    it("refuses an attempt that is on record or older, and other arguments or another run under a known key", () => {
      const run = startedRun(store);
      const other = startedRun(store, { id: "run-2" });
      run.commit({ intents: [intentOf("k")] });
      expect(run.commit({ intents: [intentOf("k")] })).toEqual(refused("stale"));
      expect(run.commit({ intents: [intentOf("k", { attempt: 2, actionDigest: "b".repeat(64) })] })).toEqual(
        refused("stale"),
      );
      expect(other.commit({ intents: [intentOf("k", { attempt: 2 })] })).toEqual(refused("stale"));
      expect(run.commit({ intents: [intentOf("k", { attempt: 3 })] })).toEqual(ok);
      expect(run.commit({ intents: [intentOf("k", { attempt: 2 })] })).toEqual(refused("stale"));
      expect(store.effect("k")!.attempts.map(({ attempt }) => attempt)).toEqual([1, 3]);
    });

    it("refuses a new attempt of an effect that is applied", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      run.commit({ outcomes: [found("k", "applied")] });
      expect(run.commit({ intents: [intentOf("k", { attempt: 2 })] })).toEqual(refused("duplicate"));
      expect(store.effect("k")).toMatchObject({ status: "applied", result: '{"ok":true}' });
    });

    it("takes an outcome and the next attempt in one fold", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      expect(
        run.commit({ outcomes: [found("k", "notApplied")], intents: [intentOf("k", { attempt: 2 })] }),
      ).toEqual(ok);
      expect(store.effect("k")).toMatchObject({
        status: "inDoubt",
        attempts: [{ outcome: "notApplied" }, { outcome: null }],
      });
    });

    it("keeps source and time of an outcome", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      run.commit({ outcomes: [found("k", "unknown", { at: 7, source: "timeout" })] });
      expect(store.effect("k")!.attempts[0]).toMatchObject({
        outcome: "unknown",
        outcomeAt: 7,
        source: "timeout",
      });
      expect(store.effect("k")!.status).toBe("inDoubt");
    });

    it("never turns applied back, and takes the first result", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      run.commit({ outcomes: [found("k", "applied")] });
      for (const outcome of ["unknown", "notApplied", "applied"] as const) {
        run.commit({ outcomes: [outcomeOf("k", { outcome, result: '"later"', source: "late" })] });
      }
      expect(store.effect("k")).toMatchObject({
        status: "applied",
        result: '{"ok":true}',
        attempts: [{ source: "tool" }],
      });
    });

    it("lets late truth contradict an outcome that was wrong", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      run.commit({ outcomes: [found("k", "notApplied", { source: "person" })] });
      expect(store.effect("k")!.status).toBe("notApplied");
      run.commit({ outcomes: [found("k", "applied", { source: "late" })] });
      expect(store.effect("k")).toMatchObject({ status: "applied", result: '{"ok":true}' });
    });

    it("stays in doubt when a second attempt was refused but the first is unknown", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      run.commit({ outcomes: [found("k", "unknown")], intents: [intentOf("k", { attempt: 2 })] });
      run.commit({ outcomes: [found("k", "notApplied", { attempt: 2 })] });
      expect(store.effect("k")!.status).toBe("inDoubt");
      run.commit({ outcomes: [found("k", "notApplied", { attempt: 2, source: "person" })] });
      expect(store.effect("k")!.status).toBe("notApplied");
      run.commit({ intents: [intentOf("k", { attempt: 3 })] });
      run.commit({ outcomes: [found("k", "notApplied", { attempt: 3 })] });
      expect(store.effect("k")!.status).toBe("notApplied");
    });

    it("ignores an outcome that has no intent", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      expect(
        run.commit({ outcomes: [found("other", "applied"), found("k", "applied", { attempt: 2 })] }),
      ).toEqual(ok);
      expect([store.effect("other"), store.effect("k")!.status]).toEqual([null, "inDoubt"]);
    });
  });

  describe("business keys", () => {
    const order = { businessKey: "refund:4711" };

    it("are held by one effect at a time, in doubt or applied, across runs", () => {
      const [a, b] = [startedRun(store), startedRun(store, { id: "run-2" })];
      a.commit({ intents: [intentOf("a", order)] });
      expect(b.commit({ intents: [intentOf("b", order)] })).toEqual(refused("duplicate"));
      a.commit({ outcomes: [found("a", "applied")] });
      expect(b.commit({ intents: [intentOf("b", order)] })).toEqual(refused("duplicate"));
      expect(store.businessKeyHolder("refund:4711")!.key).toBe("a");
    });

    it("are free again once the effect is known not to be applied", () => {
      const [a, b] = [startedRun(store), startedRun(store, { id: "run-2" })];
      a.commit({ intents: [intentOf("a", order)] });
      a.commit({ outcomes: [found("a", "notApplied")] });
      expect(store.businessKeyHolder("refund:4711")).toBeNull();
      expect(b.commit({ intents: [intentOf("b", order)] })).toEqual(ok);
      expect(a.commit({ intents: [intentOf("a", { ...order, attempt: 2 })] })).toEqual(refused("duplicate"));
    });

    it("are refused to the second of two effects in one batch, and in one fold", () => {
      const [a, b] = [startedRun(store), startedRun(store, { id: "run-2" })];
      const both = [a.next({ intents: [intentOf("a", order)] }), b.next({ intents: [intentOf("b", order)] })];
      expect(store.commit(both, { sync: true })).toEqual([ok, refused("duplicate")]);
      const pair = { businessKey: "one" };
      expect(b.commit({ intents: [intentOf("c", pair), intentOf("d", { ...pair, index: 1 })] })).toEqual(
        refused("duplicate"),
      );
    });

    it("keep both effects when late truth says that both were applied", () => {
      const [a, b, c] = ["run-1", "run-2", "run-3"].map((id) => startedRun(store, { id }));
      a!.commit({ intents: [intentOf("a", order)] });
      a!.commit({ outcomes: [found("a", "notApplied", { source: "person" })] });
      b!.commit({ intents: [intentOf("b", order)] });
      expect(a!.commit({ outcomes: [found("a", "applied", { source: "late" })] })).toEqual(ok);
      b!.commit({ outcomes: [found("b", "notApplied")] });
      expect([store.effect("a")!.status, store.effect("b")!.status]).toEqual(["applied", "notApplied"]);
      expect(store.businessKeyHolder("refund:4711")!.key).toBe("a");
      expect(c!.commit({ intents: [intentOf("c", order)] })).toEqual(refused("duplicate"));
    });
  });

  describe("grants", () => {
    it("are used by the first intent and cover later attempts of the same effect", () => {
      const run = startedRun(store);
      store.putGrant(grantOf("g", "k"));
      expect(run.commit({ intents: [intentOf("k", { grants: ["g"] })] })).toEqual(ok);
      expect(store.grants("k")).toEqual([grantOf("g", "k", { usedBy: "k" })]);
      run.commit({ outcomes: [found("k", "notApplied")] });
      expect(run.commit({ intents: [intentOf("k", { attempt: 2, grants: ["g"] })] })).toEqual(ok);
    });

    it("are refused to any other effect, when voided, and when unknown", () => {
      const run = startedRun(store);
      store.putGrant(grantOf("other", "run-1/9/0"));
      store.putGrant(grantOf("void", "run-1/1/0", { voidedAt: 1 }));
      for (const id of ["other", "void", "unknown"]) {
        expect(run.commit({ intents: [intentOf("run-1/1/0", { grants: [id] })] })).toEqual(
          refused("grantUsed"),
        );
      }
      expect(store.effects("run-1")).toEqual([]);
    });

    it("are not made unused by being put again", () => {
      const run = startedRun(store);
      store.putGrant(grantOf("g", "k"));
      run.commit({ intents: [intentOf("k", { grants: ["g"] })] });
      store.putGrant(grantOf("g", "k", { token: "forged" }));
      expect(store.grants("k")).toEqual([grantOf("g", "k", { usedBy: "k" })]);
    });

    it("are void for the whole run at once, and for no other", () => {
      const keys = ["run-1/1/0", "run-1/2/0", "run-10/1/0", "run-1x/1/0", "run-1"];
      for (const key of keys) store.putGrant(grantOf(key, key));
      store.voidGrants("run-1", 77);
      store.voidGrants("run-1", 88);
      expect(keys.map((key) => store.grants(key)[0]!.voidedAt)).toEqual([77, 77, null, null, null]);
    });

    it("are listed in the order they were given", () => {
      for (const [id, issuedAt] of [
        ["b", 1],
        ["c", 3],
        ["a", 3],
      ] as const)
        store.putGrant(grantOf(id, "k", { issuedAt }));
      expect(store.grants("k").map(({ id }) => id)).toEqual(["b", "a", "c"]);
    });
  });

  describe("halts", () => {
    it("refuse intents and nothing else, for one loop or for all", () => {
      const [repair, triage] = [startedRun(store), startedRun(store, { id: "run-2" })];
      const dispatch = (loop: string, key: string) => ({ intents: [intentOf(key, { loop })] });
      store.halt("repair", "freeze", 1);
      expect(repair.commit(dispatch("repair", "a"))).toEqual(refused("halted"));
      expect(repair.commit()).toEqual(ok);
      expect(triage.commit(dispatch("triage", "b"))).toEqual(ok);
      store.halt(null, "fire", 2);
      expect(triage.commit(dispatch("triage", "c"))).toEqual(refused("halted"));
      expect([store.halted("repair"), store.halted("triage")]).toEqual(["freeze", "fire"]);
      store.liftHalt("repair");
      expect(store.halted("repair")).toBe("fire");
      store.liftHalt(null);
      expect(store.halted("repair")).toBeNull();
      expect(repair.commit(dispatch("repair", "a"))).toEqual(ok);
    });

    it("let outcomes in", () => {
      const run = startedRun(store);
      run.commit({ intents: [intentOf("k")] });
      store.halt(null, "fire", 2);
      expect(run.commit({ outcomes: [found("k", "applied")] })).toEqual(ok);
      expect(store.effect("k")!.status).toBe("applied");
    });
  });

  describe("leases", () => {
    const take = (owner: string, now: number) => store.acquire({ runId: "run-1", owner, ...until(now) });

    it("go to one owner until they expire, and raise the epoch each time they change hands", () => {
      expect(take("a", 0)).toEqual({ lease: { owner: "a", epoch: 1, until: 1_000 } });
      expect(take("b", 999)).toEqual({ heldBy: { owner: "a", epoch: 1, until: 1_000 } });
      expect(take("b", 1_000)).toEqual({ lease: { owner: "b", epoch: 2, until: 2_000 } });
    });

    it("are extended under the same epoch for their owner, and under a new one after they expired", () => {
      take("a", 0);
      expect(take("a", 500)).toEqual({ lease: { owner: "a", epoch: 1, until: 1_500 } });
      expect(take("a", 1_500)).toEqual({ lease: { owner: "a", epoch: 2, until: 2_500 } });
    });

    it("stand for exactly this owner and epoch until they expire", () => {
      take("a", 0);
      const holds = (more: object) =>
        store.holds({ runId: "run-1", owner: "a", epoch: 1, now: 500, ...more });
      expect([
        holds({}),
        holds({ owner: "b" }),
        holds({ epoch: 2 }),
        holds({ now: 1_000 }),
        holds({ runId: "x" }),
      ]).toEqual([true, false, false, false, false]);
    });

    it("are renewed while nobody took them, expired or not", () => {
      take("a", 0);
      store.acquire({ runId: "run-2", owner: "b", ...until(0) });
      expect(store.renew({ runIds: ["run-1", "run-2", "run-3"], owner: "a", ...until(5_000) })).toEqual([
        "run-1",
      ]);
      expect(take("b", 5_999)).toEqual({ heldBy: { owner: "a", epoch: 1, until: 6_000 } });
      take("b", 6_000);
      expect(store.renew({ runIds: ["run-1"], owner: "a", ...until(6_000) })).toEqual([]);
    });

    it("are free once given back, and not renewed any more", () => {
      take("a", 0);
      store.release({ runId: "run-1", owner: "a", epoch: 2 });
      store.release({ runId: "run-1", owner: "b", epoch: 1 });
      expect(store.holds({ runId: "run-1", owner: "a", epoch: 1, now: 1 })).toBe(true);
      store.release({ runId: "run-1", owner: "a", epoch: 1 });
      expect(store.holds({ runId: "run-1", owner: "a", epoch: 1, now: 1 })).toBe(false);
      expect(store.renew({ runIds: ["run-1"], owner: "a", ...until(1) })).toEqual([]);
      expect(take("a", 2)).toEqual({ lease: { owner: "a", epoch: 2, until: 1_002 } });
    });
  });

  describe("blobs and what verifiers remember", () => {
    it("finds a text by its digest", () => {
      const digest = store.putBlob("a log");
      expect([digest, store.putBlob("a log")]).toEqual([digestBytes("a log"), digestBytes("a log")]);
      expect(store.blob(digest)).toBe("a log");
    });

    it("keeps values by run and key, the latest of each", () => {
      startedRun(store, { id: "a b" });
      startedRun(store, { id: "a" });
      store.remember("a b", "c", "1");
      store.remember("a", "b c", "2");
      store.remember("a", "b c", "3");
      expect([
        store.remembered("a b", "c"),
        store.remembered("a", "b c"),
        store.remembered("a", "c"),
      ]).toEqual(["1", "3", null]);
    });

    it("refuses to remember for a run that is not there", () => {
      expect(() => store.remember("nobody", "k", "1")).toThrow("there is no run nobody");
    });
  });

  describe("removing", () => {
    const blob = (text: string) => ({ digest: digestBytes(text), text });

    it("deletes an ended run with all that belongs to it alone", () => {
      const run = startedRun(store);
      run.commit({ timers: { set: [{ runId: "run-1", id: "t", dueAt: 1, event: "{}" }], clear: [] } });
      store.remember("run-1", "k", "1");
      store.post({ runId: "run-1", at: 1, event: "{}" });
      run.commit({ status: "ended", blobs: [blob("mine")] });
      store.remove("run-1");
      expect([
        store.run("run-1"),
        store.snapshot("run-1"),
        store.remembered("run-1", "k"),
        store.blob(digestBytes("mine")),
      ]).toEqual(Array(4).fill(null));
      expect([
        store.journal("run-1"),
        store.timers("run-1"),
        store.directives(["run-1"]),
        store.runs(),
      ]).toEqual(Array(4).fill([]));
    });

    it("keeps texts that another run owns, or that were put for all", () => {
      const [a, b] = [startedRun(store), startedRun(store, { id: "run-2" })];
      store.putBlob("before");
      a.commit({ status: "ended", blobs: [blob("before"), blob("both"), blob("after")] });
      b.commit({ status: "ended", blobs: [blob("both")] });
      store.putBlob("after");
      store.remove("run-1");
      expect(["before", "both", "after"].map((text) => store.blob(digestBytes(text)))).toEqual([
        "before",
        "both",
        "after",
      ]);
      store.remove("run-2");
      expect(["before", "both", "after"].map((text) => store.blob(digestBytes(text)))).toEqual([
        "before",
        null,
        "after",
      ]);
    });

    it("keeps the ledger: its doubts go on blocking", () => {
      const run = startedRun(store);
      store.putGrant(grantOf("g", "run-1/1/0"));
      run.commit({ intents: [intentOf("run-1/1/0", { businessKey: "order", grants: ["g"] })] });
      run.commit({ status: "ended" });
      store.remove("run-1");
      expect(store.effects("run-1")).toHaveLength(1);
      expect(store.grants("run-1/1/0")).toHaveLength(1);
      const other = startedRun(store, { id: "run-2" });
      expect(other.commit({ intents: [intentOf("run-2/1/0", { businessKey: "order" })] })).toEqual(
        refused("duplicate"),
      );
    });

    it("refuses a run that has not ended, and does nothing for one that is not there", () => {
      startedRun(store);
      expect(() => store.remove("run-1")).toThrow("run run-1 has not ended");
      expect(store.run("run-1")).not.toBeNull();
      expect(() => store.remove("nobody")).not.toThrow();
    });
  });
}
