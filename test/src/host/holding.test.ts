import { describe, expect, it } from "vitest";
import type { Store } from "../../../src/ports/store.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import { applied, endless, facts, gate, queued, say, settle, stageHost, stores, turn } from "./stage.ts";

const interrupted = [{ runId: "run", why: "interrupted" }];

/** What became of a promise by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await settle();
  return done;
}

describe.each(stores)("pausing over the %s store", (_name, open) => {
  it("waits for a dispatch in flight, and keeps its outcome", async () => {
    const store = open();
    const sent = gate();
    const stage = stageHost({ store, script: { execute: () => sent.promise } });
    stage.begin();
    await stage.reaches("effect.committing");
    const paused = stage.host.pause("run");
    expect(await isDone(paused)).toBe(false);
    expect(stage.performed.at(-1)?.signal.aborted).toBe(false);
    sent.open(applied);
    await paused;
    expect(store.effects("run")).toMatchObject([{ status: "applied" }]);
    expect([stage.state(), stage.calls.at(-1), stage.released]).toEqual([
      "effect.confirming",
      "execute",
      interrupted,
    ]);
    stage.recover();
    await stage.reaches("succeeded");
    expect(stage.calls.filter((name) => name === "execute")).toHaveLength(1);
  });

  it("keeps an outcome that comes behind other events", async () => {
    const store = open();
    const clock = fakeClock();
    const sent = gate();
    const stage = stageHost({ store, clock, script: { execute: () => sent.promise } });
    stage.begin();
    await stage.reaches("effect.committing");
    for (const reason of ["one", "two"]) say(store, clock.now(), { type: "directive.halt", reason });
    stage.host.poll();
    sent.open(applied);
    await stage.host.pause("run");
    expect(store.effects("run")).toMatchObject([{ status: "applied" }]);
  });

  it("gives up a dispatch that hangs when its time is over", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { execute: endless } });
    stage.begin();
    await stage.reaches("effect.committing");
    const paused = stage.host.pause("run");
    expect(await isDone(paused)).toBe(false);
    clock.advance(60_000);
    expect(await isDone(paused)).toBe(true);
    expect(store.effects("run")).toMatchObject([{ status: "inDoubt", attempts: [{ source: "timeout" }] }]);
    expect(stage.performed.at(-1)?.signal.aborted).toBe(true);
  });

  it("starts no dispatch that was only just decided", async () => {
    const store = open();
    const asked = gate();
    const stage = stageHost({ store, script: { assess: () => asked.promise } });
    stage.begin();
    await stage.reaches("effect.assessing");
    asked.open(facts());
    await queued();
    await stage.host.pause("run");
    expect([stage.state(), store.effects("run"), stage.calls.includes("execute")]).toEqual([
      "effect.assessing",
      [],
      false,
    ]);
  });

  it("cancels what is no dispatch, and takes in nothing of it", async () => {
    const store = open();
    const first = gate();
    const stage = stageHost({ store, script: { act: () => first.promise } });
    stage.begin();
    await stage.reaches("acting");
    const paused = stage.host.pause("run");
    first.open(turn({ tools: ["send"] }));
    await paused;
    expect(stage.performed[0]?.signal.aborted).toBe(true);
    expect([stage.events(), stage.released, stage.host.holds("run")]).toEqual([
      ["run.started"],
      interrupted,
      false,
    ]);
  });

  it("leaves a word that it did not take in to whoever goes on", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { act: endless } });
    stage.begin();
    say(store, clock.now(), { type: "directive.abort", reason: "enough" });
    stage.host.poll();
    await stage.host.pause("run");
    expect(stage.state()).toBe("acting");
    stage.recover();
    await stage.reaches("stopped");
  });

  it("leaves no timer behind that would keep the process alive", async () => {
    const clock = fakeClock();
    const stage = stageHost({ store: open(), clock, script: { act: endless } });
    stage.begin();
    expect(clock.waiting()).toHaveLength(1);
    await stage.host.pause("run");
    expect(clock.waiting()).toEqual([]);
  });

  it("gives the lease back", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { act: endless } });
    stage.begin();
    await stage.host.pause("run");
    expect(store.acquire({ runId: "run", owner: "other", now: clock.now(), ttlMs: 1 })).toMatchObject({
      lease: { epoch: 2 },
    });
  });

  it("pauses every run when it closes, and moves none afterwards", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { act: endless } });
    for (const id of ["a", "b"]) stage.begin(id);
    await stage.host.close();
    clock.advance(60 * 60_000);
    await settle();
    expect(stage.released.map(({ runId, why }) => [runId, why])).toEqual([
      ["a", "interrupted"],
      ["b", "interrupted"],
    ]);
    expect([stage.events("a"), stage.events("b")]).toEqual([["run.started"], ["run.started"]]);
  });
});

it("has nothing to pause of a run that it does not hold", async () => {
  const stage = stageHost();
  await stage.host.pause("unknown");
  expect(stage.released).toEqual([]);
});

it("pauses a run once, however often it is asked", async () => {
  const stage = stageHost({ script: { act: endless } });
  stage.begin();
  await Promise.all([stage.host.pause("run"), stage.host.pause("run")]);
  expect(stage.released).toEqual(interrupted);
});

describe("an ended run", () => {
  it("is let go of, and its lease given back", async () => {
    const stage = stageHost();
    stage.begin();
    await stage.reaches("succeeded");
    await settle();
    expect([stage.host.holds("run"), stage.released]).toEqual([false, []]);
    expect(stage.store.acquire({ runId: "run", owner: "other", now: 0, ttlMs: 1 })).toHaveProperty("lease");
  });

  it("is let go of though events for it are left over", async () => {
    const clock = fakeClock();
    const stage = stageHost({ clock, script: { act: (_input, { signal }) => until(signal) } });
    stage.begin();
    say(stage.store, clock.now(), { type: "directive.abort", reason: "enough" });
    stage.host.poll();
    clock.advance(15 * 60_000);
    await stage.reaches("stopped");
    await settle();
    expect([stage.events(), stage.host.holds("run")]).toEqual([["run.started", "directive.abort"], false]);
  });

  it("is held while a call of it is in flight", async () => {
    const clock = fakeClock();
    const last = gate();
    const stage = stageHost({ clock, script: { act: () => last.promise } });
    stage.begin();
    say(stage.store, clock.now(), { type: "directive.abort", reason: "enough" });
    stage.host.poll();
    await stage.reaches("stopped");
    await settle();
    expect(stage.host.holds("run")).toBe(true);
    last.open(turn());
    await settle();
    expect(stage.host.holds("run")).toBe(false);
  });
});

/** Settles when the signal aborts. */
const until = (signal: AbortSignal) =>
  new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(turn()));
  });

describe("the heartbeat", () => {
  const leaseMs = 60;
  const beat = () => new Promise((resolve) => setTimeout(resolve, leaseMs));

  it("extends the leases of the runs that are held", async () => {
    const clock = fakeClock();
    const stage = stageHost({ clock, leaseMs, script: { act: endless } });
    stage.begin();
    clock.advance(50);
    await beat();
    clock.advance(50);
    const lease = { runId: "run", owner: "host", epoch: 1, now: clock.now() };
    expect(stage.store.holds(lease)).toBe(true);
  });

  it("lets go of a run that another host has taken, and cancels its calls", async () => {
    const clock = fakeClock();
    const stage = stageHost({ clock, leaseMs, script: { act: endless } });
    for (const id of ["a", "b"]) stage.begin(id);
    stage.crash("a");
    stage.store.acquire({ runId: "a", owner: "other", now: clock.now(), ttlMs: 1_000 });
    await beat();
    expect(stage.released).toEqual([{ runId: "a", why: "lost" }]);
    expect(stage.performed.map(({ runId, signal }) => [runId, signal.aborted])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });

  it("survives a store that fails", async () => {
    const store = openMemoryStore();
    let failed = 0;
    const renew: Store["renew"] = () => {
      failed += 1;
      throw new Error("locked");
    };
    const stage = stageHost({ store: { ...store, renew }, leaseMs, script: { act: endless } });
    stage.begin();
    await beat();
    expect([failed > 0, stage.host.holds("run"), stage.released]).toEqual([true, true, []]);
  });
});
