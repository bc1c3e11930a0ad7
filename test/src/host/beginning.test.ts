import { describe, expect, it } from "vitest";
import type { Origin } from "../../../machines/events.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import {
  endless,
  failingOnce,
  noting,
  originOf,
  recordOf,
  settle,
  stageHost,
  stores,
  verdict,
} from "./stage.ts";

describe.each(stores)("beginning a run in the %s store", (_name, open) => {
  it("has the first row durable and the first call performed when it returns", () => {
    const { store, batches } = noting(open());
    const stage = stageHost({ store, script: { act: endless } });
    stage.begin();
    expect([store.run("run")?.length, stage.calls, stage.host.holds("run")]).toEqual([1, ["act"], true]);
    expect(batches.map(([first]) => first?.create?.id)).toEqual(["run"]);
  });

  it("throws, performs nothing and holds nothing when the store fails; it can be begun again", async () => {
    const store = failingOnce(open(), "commit", () => true);
    const stage = stageHost({ store });
    expect(() => stage.begin()).toThrow("the disk is full");
    expect([stage.host.holds("run"), stage.calls, store.run("run")]).toEqual([false, [], null]);
    stage.host.poll();
    stage.begin();
    await stage.reaches("succeeded");
  });

  it("lets go of a run that another host has taken meanwhile", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock });
    const record = recordOf("run", clock.now());
    store.acquire({ runId: "run", owner: "other", now: clock.now(), ttlMs: 1_000 });
    stage.host.begin(record, 0, stage.parts, originOf(record));
    await settle();
    expect([stage.released, stage.calls, store.run("run")]).toEqual([
      [{ runId: "run", why: "lost" }],
      [],
      null,
    ]);
  });

  it("starts a new machine over the memory of an old one: its timers go, its spending stays", async () => {
    const store = open();
    const clock = fakeClock();
    const verify = (input: Parameters<typeof verdict>[0]) => verdict(input, "unverifiable");
    const old = stageHost({ store, clock, owner: "old", script: { verify } });
    old.begin();
    await old.reaches("escalated");
    await old.host.pause("run");
    const timersBefore = store.timers("run").map(({ id }) => id);
    const stage = stageHost({ store, clock, owner: "young", script: { act: endless } });
    const { epoch } = (
      store.acquire({ runId: "run", owner: "young", now: clock.now(), ttlMs: 9e9 }) as never as {
        lease: { epoch: number };
      }
    ).lease;
    const record = { ...store.run("run")!, epoch, contractDigest: "another" };
    const carried = old.snapshot().context;
    const origin: Origin = {
      type: "run.continued",
      at: clock.now(),
      input: { at: clock.now(), runId: "run", baseTree: null, turn: null, carried },
      because: "changeAccepted",
      by: "ann",
      signed: false,
      contractDigest: "another",
      chartDigest: "chart",
    };
    stage.host.begin(record, epoch, stage.parts, origin);
    expect(timersBefore).toEqual(["xstate.after.untilDue.escalated"]);
    expect(store.timers("run").map(({ id }) => id)).toEqual(["xstate.after.untilDue.loop.acting"]);
    expect([store.run("run")?.contractDigest, stage.events().at(-1)]).toEqual(["another", "run.continued"]);
    expect(stage.snapshot().context.spent.steps).toBe(2);
  });
});
