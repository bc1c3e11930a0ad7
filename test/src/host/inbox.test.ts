import { describe, expect, it } from "vitest";
import { fakeClock } from "../../helpers/fake-clock.ts";
import { endless, eventsOf, say, settle, stageHost, stores, until } from "./stage.ts";

const halt = (reason: string) => ({ type: "directive.halt", reason }) as const;

describe.each(stores)("the inbox of the %s store", (_name, open) => {
  it("is looked into without being asked: a word from another process arrives", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { act: endless } });
    stage.begin();
    say(store, clock.now(), { type: "directive.abort", reason: "enough" });
    await until(() => stage.state() === "stopped");
    expect(eventsOf(store).at(-1)).toMatchObject({ type: "directive.abort", by: "ann", reason: "enough" });
    expect([store.directives(["run"]), stage.performed[0]?.signal.aborted]).toEqual([[], true]);
  });

  it("gives each word to its own run, once, in the order in which they came", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { act: endless } });
    for (const id of ["a", "b"]) stage.begin(id);
    for (const [runId, reason] of [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
    ] as const)
      say(store, clock.now(), halt(reason), runId);
    stage.host.poll();
    stage.host.poll();
    await settle();
    stage.host.poll();
    await settle();
    const reasons = (id: string) =>
      eventsOf(store, id)
        .slice(1)
        .map(({ reason }) => reason);
    expect([reasons("a"), reasons("b"), stage.released]).toEqual([["1", "3"], ["2"], []]);
  });

  it("does not disturb the call in flight with a word that leaves it be", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { act: endless } });
    stage.begin();
    say(store, clock.now(), halt("freeze"));
    stage.host.poll();
    await settle();
    expect([stage.snapshot().context.halted, stage.performed[0]?.signal.aborted]).toEqual([true, false]);
  });

  it("leaves what is no word where it is, and hears what comes after it", async () => {
    const store = open();
    const clock = fakeClock();
    const stage = stageHost({ store, clock, script: { act: endless } });
    stage.begin();
    for (const event of ["{", "null", '{"type":"host.recovered","at":1,"random":0}'])
      store.post({ runId: "run", at: 1, event });
    say(store, clock.now(), halt("freeze"));
    stage.host.poll();
    await settle();
    expect(stage.events()).toEqual(["run.started", "directive.halt"]);
    expect(store.directives(["run"])).toHaveLength(3);
  });

  it("leaves the words of a run that nobody moves", async () => {
    const store = open();
    const stage = stageHost({ store });
    stage.begin();
    await stage.reaches("succeeded");
    await settle();
    say(store, 1, halt("freeze"));
    stage.host.poll();
    await settle();
    expect([stage.events().includes("directive.halt"), store.directives(["run"]).length]).toEqual([false, 1]);
  });
});
