import { expect, it } from "vitest";
import { loopOf, rejection, stageEngine } from "./stage.ts";

it("makes a run in the store, with a machine, actors and an input", async () => {
  const engine = await stageEngine();
  const { runId, machine, actors, input } = await engine.embed(loopOf(), { goal: "embed", id: "mine" });
  expect(runId).toBe("mine");
  expect(machine.id).toBe("loop");
  expect(Object.keys(actors).sort()).toEqual([
    "act",
    "assess",
    "confirm",
    "execute",
    "observe",
    "reconcile",
    "verify",
  ]);
  expect(input).toMatchObject({ runId: "mine", carried: null });
  expect(engine.store.run("mine")).toMatchObject({ status: "running", state: "native", length: 1 });
});

it("embeds a run again with the input that it began with", async () => {
  const engine = await stageEngine();
  const first = await engine.embed(loopOf(), { goal: "embed", id: "mine" });
  const again = await engine.embed(loopOf(), { goal: "embed", id: "mine" });
  expect(again.input).toEqual(first.input);
  expect(engine.store.run("mine")?.length).toBe(1);
});

it("refuses another contract, and the id of a run that is not embedded", async () => {
  const engine = await stageEngine();
  await engine.embed(loopOf(), { goal: "embed", id: "mine" });
  const other = loopOf({ continue: { limits: { steps: 9 } } });
  expect(await rejection(engine.embed(other, { goal: "embed", id: "mine" }))).toMatchObject({
    message: expect.stringContaining("another contract"),
  });
  const run = await engine.start(loopOf(), { goal: "run", id: "moved" });
  await run.outcome;
  expect(await rejection(engine.embed(loopOf(), { goal: "embed", id: "moved" }))).toMatchObject({
    field: "moved",
  });
});
