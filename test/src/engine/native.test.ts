import { expect, it } from "vitest";
import { createActor, setup, toPromise } from "xstate";
import type { Embedded } from "../../../src/engine/types.ts";
import { gate, loopOf, rejection, sender, sending, stageEngine, stores } from "./stage.ts";

const messenger = (sent: string[], more: object = {}) =>
  loopOf({ turns: [{ actions: [sending("hello")], claim: "done" }], tools: [sender(sent, more)] });

const actorOf = ({ machine, actors, input }: Embedded) =>
  createActor(machine.provide({ actors }), { input }).start();

it.each(stores)("runs the chart as an actor of somebody else's, over a %s ledger", async (_name, open) => {
  const sent: string[] = [];
  const engine = await stageEngine({ store: open() });
  const loop = messenger(sent);
  const embedded = await engine.embed(loop, { goal: "send" });
  expect(await toPromise(actorOf(embedded))).toMatchObject({ status: "succeeded" });
  expect(sent).toEqual(["hello"]);
  expect(engine.store.effects(embedded.runId)).toMatchObject([
    { key: `${embedded.runId}/1/0`, status: "applied", attempts: [{ attempt: 1, outcome: "applied" }] },
  ]);
  const types = engine.store.journal(embedded.runId).map(({ event }) => JSON.parse(event).type as string);
  expect(types).toEqual(["run.started", "native.intent", "native.outcome"]);
});

it("runs the chart as a child that another machine invokes", async () => {
  const sent: string[] = [];
  const engine = await stageEngine();
  const { machine, actors, input, runId } = await engine.embed(messenger(sent), { goal: "send" });
  const parent = setup({ actors: { loop: machine.provide({ actors }) } }).createMachine({
    initial: "delegating",
    states: {
      delegating: { invoke: { src: "loop", input, onDone: "celebrating", onError: "mourning" } },
      celebrating: { type: "final" },
      mourning: { type: "final" },
    },
  });
  const actor = createActor(parent).start();
  await toPromise(actor);
  expect(actor.getSnapshot().value).toBe("celebrating");
  expect(engine.store.effects(runId)).toMatchObject([{ status: "applied" }]);
});

it("writes the intent before it sends", async () => {
  const engine = await stageEngine();
  const seen: unknown[] = [];
  const embedded = await engine.embed(
    messenger([], {
      execute: async (_input: unknown, { key }: { key: string }) => {
        seen.push(engine.store.effect(key)?.status);
        return { outcome: "applied", result: null };
      },
    }),
    { goal: "send" },
  );
  await toPromise(actorOf(embedded));
  expect(seen).toEqual(["inDoubt"]);
});

it("answers unknown for an attempt that is on record, in a later process too", async () => {
  const { store } = await stageEngine();
  const { promise, open } = gate<{ outcome: "applied"; result: null }>();
  const sending_ = gate();
  const hanging = {
    execute: () => {
      sending_.open();
      return promise;
    },
  };
  const first = await stageEngine({ store: { ...store, close: () => {} } });
  const embedded = await first.embed(messenger([], hanging), { goal: "send", id: "mine" });
  const actor = actorOf(embedded);
  await sending_.promise;
  const persisted = JSON.parse(JSON.stringify(actor.getPersistedSnapshot())) as never;
  await first.close();
  const sent: string[] = [];
  const later = await stageEngine({ store });
  const again = await later.embed(messenger(sent), { goal: "send", id: "mine" });
  const restored = createActor(again.machine.provide({ actors: again.actors }), {
    input: again.input,
    snapshot: persisted,
  }).start();
  await new Promise<void>((resolve) => {
    restored.subscribe((snapshot) => {
      if (snapshot.value === "escalated") resolve();
    });
  });
  expect(restored.getSnapshot().context).toMatchObject({
    doubt: { key: "mine/1/0" },
    escalation: { reason: "unknownOutcome" },
    failure: { message: expect.stringContaining("on record already") },
  });
  expect(sent).toEqual([]);
  expect(later.store.effect("mine/1/0")).toMatchObject({ status: "inDoubt", attempts: [{ attempt: 1 }] });
  expect(later.verifyLog("mine", messenger(sent))).toMatchObject({ ok: true, folded: 0 });
  restored.stop();
  actor.stop();
  open({ outcome: "applied", result: null });
});

it("sends nothing while a halt is in force, and says so", async () => {
  const sent: string[] = [];
  const engine = await stageEngine();
  const embedded = await engine.embed(messenger(sent), { goal: "send" });
  // The facts are collected as if there were no halt; it falls between them and the dispatch.
  const { halted } = engine.store;
  engine.store.halted = () => null;
  engine.store.halt(null, "freeze", 0);
  const actor = actorOf(embedded);
  await new Promise<void>((resolve) => {
    actor.subscribe(({ value }) => {
      if (value === "escalated") resolve();
    });
  });
  engine.store.halted = halted;
  expect(sent).toEqual([]);
  expect(engine.store.effects(embedded.runId)).toEqual([]);
  expect(actor.getSnapshot().context).toMatchObject({
    doubt: null,
    escalation: { detail: "a halt is in force" },
  });
  actor.stop();
});

it("leaves a run that is embedded to the machine that moves it", async () => {
  const engine = await stageEngine();
  const loop = messenger([]);
  const { runId } = await engine.embed(loop, { goal: "send" });
  const said = { code: "run", field: runId, message: expect.stringContaining("embedded") };
  expect(await rejection(engine.resume(runId, { contract: loop }))).toMatchObject(said);
  expect(await rejection(engine.abort(runId, { reason: "no", contract: loop }))).toMatchObject(said);
  expect(() => engine.status(runId, loop)).toThrow(/embedded/);
  expect(engine.verifyLog(runId, loop)).toMatchObject({ ok: true, rows: 1, folded: 0 });
  expect(engine.list()).toMatchObject([{ id: runId, state: "native" }]);
});
