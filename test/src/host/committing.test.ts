import { describe, expect, it } from "vitest";
import { mustSync } from "../../../src/host/commit.ts";
import type { GrantRow, Store } from "../../../src/ports/store.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import {
  endless,
  facts,
  failingOnce,
  gate,
  noting,
  queued,
  say,
  settle,
  stageHost,
  stores,
  turn,
} from "./stage.ts";

const grant = (some: Partial<GrantRow> = {}): GrantRow => ({
  id: "g",
  effectKey: "run/1/0",
  approver: "ann",
  token: "t",
  issuedAt: 0,
  expiresAt: 9e12,
  usedBy: null,
  voidedAt: null,
  ...some,
});

const destructive = {
  tools: { send: { effect: "destructive" as const } },
  approvals: { approvers: ["ann"] },
};
const granted = facts({
  grants: [
    {
      id: "g",
      effectKey: "run/1/0",
      actionDigest: "send(a)",
      approver: "ann",
      issuedAt: 0,
      expiresAt: 9e12,
      usedBy: null,
      revoked: false,
    },
  ],
});

const entersCommitting = (store: Store) =>
  failingOnce(store, "commit", (batch) => batch.some(({ intents }) => intents.length > 0));

describe.each(stores)("committing to the %s store", (_name, open) => {
  it("writes rows, snapshots and intents of many runs in few transactions", async () => {
    const { store, batches } = noting(open());
    const stage = stageHost({ store });
    const ids = Array.from({ length: 100 }, (_, i) => `run-${i}`);
    for (const id of ids) stage.begin(id);
    for (const id of ids) await stage.reaches("succeeded", id);
    const rows = ids.map((id) => store.journal(id).length).reduce((a, b) => a + b);
    expect(rows).toBe(800);
    // Each start is a transaction of its own; 700 rows follow.
    expect(batches.length - ids.length).toBeLessThan(70);
    expect(stage.calls.filter((name) => name === "execute")).toHaveLength(100);
  });

  it("waits for the disk when a fold of the transaction must reach it, and only then", async () => {
    const { store, batches, synced } = noting(open());
    const stage = stageHost({ store });
    for (const id of ["a", "b"]) stage.begin(id);
    await stage.reaches("succeeded", "b");
    expect(synced).toEqual(batches.map((batch) => batch.some(mustSync)));
    expect(new Set(synced)).toEqual(new Set([true, false]));
  });

  it("tells the chart of a refusal before anything that came meanwhile", async () => {
    const store = open();
    const clock = fakeClock();
    const asked = gate();
    const stage = stageHost({ store, clock, script: { assess: () => asked.promise } });
    stage.begin();
    await stage.reaches("effect.assessing");
    store.halt("staged", "freeze", clock.now());
    asked.open(facts());
    await queued();
    say(store, clock.now(), { type: "directive.halt", reason: "freeze" });
    stage.host.poll();
    await stage.reaches("escalated");
    await settle();
    expect(stage.events().slice(-2)).toEqual(["commit.refused", "directive.halt"]);
  });

  it("dispatches nothing when another effect holds the business key", async () => {
    const store = open();
    const stage = stageHost({ store, businessKeyOf: () => "refund:1" });
    stage.begin("first");
    await stage.reaches("succeeded", "first");
    stage.begin("second");
    await stage.reaches("escalated", "second");
    expect(stage.snapshot("second").context.escalation).toMatchObject({ reason: "duplicate" });
    expect(stage.events("second").at(-1)).toBe("commit.refused");
    expect(stage.performed.filter(({ name }) => name === "execute").map(({ runId }) => runId)).toEqual([
      "first",
    ]);
    expect([store.effects("second"), stage.host.holds("second")]).toEqual([[], true]);
  });

  it("asks again when the grant is no longer good, and dispatches nothing", async () => {
    const store = open();
    store.putGrant(grant({ voidedAt: 1 }));
    const stage = stageHost({ store, rules: destructive, script: { assess: () => granted } });
    stage.begin();
    await stage.reaches("effect.awaitingApproval");
    expect(stage.events().at(-1)).toBe("commit.refused");
    expect([stage.calls.includes("execute"), store.effects("run")]).toEqual([false, []]);
  });

  it("uses the grant in the commit that writes the intent", async () => {
    const store = open();
    store.putGrant(grant());
    const seen: unknown[] = [];
    const execute = () => {
      seen.push(store.grants("run/1/0")[0]?.usedBy);
      return endless();
    };
    const stage = stageHost({ store, rules: destructive, script: { assess: () => granted, execute } });
    stage.begin();
    await stage.reaches("effect.committing");
    await settle();
    expect(seen).toEqual(["run/1/0"]);
  });

  it("lets go of a run that another host has taken, and dispatches nothing", async () => {
    const store = open();
    const clock = fakeClock();
    const assess = () => {
      store.release({ runId: "run", owner: "host", epoch: 1 });
      store.acquire({ runId: "run", owner: "other", now: clock.now(), ttlMs: 15_000 });
      return facts();
    };
    const stage = stageHost({ store, clock, script: { assess } });
    stage.begin();
    await settle();
    expect(stage.released).toEqual([{ runId: "run", why: "lost" }]);
    expect([stage.calls.includes("execute"), store.effects("run"), stage.state()]).toEqual([
      false,
      [],
      "effect.assessing",
    ]);
    expect(stage.host.holds("run")).toBe(false);
  });

  it("refuses one run's fold without touching the others of the transaction", async () => {
    const { store, batches } = noting(open());
    store.putBlob("x");
    const stage = stageHost({ store, businessKeyOf: ({ key }) => (key.startsWith("c") ? null : "same") });
    for (const id of ["a", "b", "c"]) stage.begin(id);
    await settle();
    const [a, b, c] = ["a", "b", "c"].map((id) => stage.state(id));
    expect([a, b, c]).toEqual(["succeeded", "escalated", "succeeded"]);
    expect(batches.some((batch) => batch.filter(({ intents }) => intents.length > 0).length === 3)).toBe(
      true,
    );
  });

  it("performs nothing when the store fails, and the run can be resumed", async () => {
    const store = open();
    const stage = stageHost({ store: entersCommitting(store) });
    stage.begin();
    await settle();
    expect(stage.released).toEqual([
      { runId: "run", why: "interrupted", error: new Error("the disk is full") },
    ]);
    expect([stage.calls.includes("execute"), store.effects("run")]).toEqual([false, []]);
    expect([stage.state(), stage.host.holds("run")]).toEqual(["effect.assessing", false]);
    stage.recover();
    await stage.reaches("succeeded");
    expect(stage.calls.filter((name) => name === "execute")).toHaveLength(1);
  });

  it("lets go of every run of a batch that could not be written", async () => {
    const store = open();
    const stage = stageHost({ store: entersCommitting(store) });
    for (const id of ["a", "b"]) stage.begin(id);
    await settle();
    expect(stage.released.map(({ runId, why }) => [runId, why])).toEqual([
      ["a", "interrupted"],
      ["b", "interrupted"],
    ]);
  });

  it("lets only the host with the newest epoch go on", async () => {
    const store = open();
    const clock = fakeClock();
    const first = gate();
    const old = stageHost({
      store,
      clock,
      owner: "old",
      leaseMs: 15_000,
      script: { act: () => first.promise },
    });
    old.begin();
    await old.reaches("acting");
    clock.advance(20_000);
    const young = stageHost({ store, clock, owner: "young" });
    young.recover();
    await young.reaches("succeeded");
    first.open(turn({ tools: ["send"] }));
    await settle();
    expect([old.calls, old.released]).toEqual([["act"], [{ runId: "run", why: "lost" }]]);
    expect(store.effects("run")).toHaveLength(1);
  });

  it("never dispatches an attempt from two hosts", async () => {
    const store = open();
    const clock = fakeClock();
    const sent = gate();
    const old = stageHost({
      store,
      clock,
      owner: "old",
      leaseMs: 15_000,
      script: { execute: () => sent.promise },
    });
    old.begin();
    await old.reaches("effect.committing");
    clock.advance(20_000);
    const young = stageHost({ store, clock, owner: "young" });
    young.recover();
    await young.reaches("escalated");
    sent.open({ outcome: "applied", result: "late", resultDigest: "late" });
    await settle();
    expect([old.released, young.calls]).toEqual([[{ runId: "run", why: "lost" }], []]);
    expect(store.effects("run")).toMatchObject([
      { status: "inDoubt", attempts: [{ attempt: 1, outcome: "unknown", source: "recovery" }] },
    ]);
  });
});

describe("a host whose other parts fail", () => {
  it("keeps the runs of a batch going when one of them cannot be told of", async () => {
    const onRow = (runId: string) => {
      if (runId === "a" && stage.calls.includes("verify")) throw new Error("nobody listens");
    };
    const stage = stageHost({ store: openMemoryStore(), onRow });
    for (const id of ["a", "b"]) stage.begin(id);
    await stage.reaches("succeeded", "b");
    expect(stage.released).toEqual([{ runId: "a", why: "interrupted", error: new Error("nobody listens") }]);
    expect(stage.performed.filter(({ runId }) => runId === "a").map(({ name }) => name)).toEqual([
      "act",
      "verify",
    ]);
  });

  it("parks a run whose business key cannot be made", async () => {
    const businessKeyOf = () => {
      throw new Error("no order");
    };
    const stage = stageHost({ businessKeyOf });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.snapshot().context.escalation).toMatchObject({ reason: "internal" });
    expect([stage.calls.includes("execute"), stage.store.effects("run")]).toEqual([false, []]);
  });
});
