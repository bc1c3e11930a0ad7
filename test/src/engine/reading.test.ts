import { expect, it } from "vitest";
import { chartOf } from "../../../src/engine/machine.ts";
import { storedEvents } from "../../../src/engine/reading.ts";
import { loopOf, stageEngine } from "./stage.ts";

it("tells each stored row with the state that it led to and what was left then", async () => {
  const engine = await stageEngine();
  const contract = loopOf({ turns: [{ files: {} }, { claim: "done" }] });
  const run = await engine.start(contract, { goal: "read" });
  await run.outcome;
  const about = { runId: run.id, contract, fold: chartOf(contract.rules).fold };
  const rows = [...storedEvents(engine.store, about, 0)];
  expect(rows.map(({ state, remaining }) => [state, remaining.steps])).toEqual([
    ["acting", 4],
    ["acting", 3],
    ["verifying", 3],
    ["succeeded", 3],
  ]);
  expect(rows.map(({ call }) => call)).toEqual(["act", "act", "verify", null]);
  expect([...storedEvents(engine.store, about, 3)]).toEqual(rows.slice(3));
});

it("begins where a person accepted a change: earlier rows belong to another machine", async () => {
  const engine = await stageEngine();
  const run = await engine.start(loopOf({ turns: [{ claim: "stuck" }] }), { goal: "change" });
  await run.outcome;
  const contract = loopOf({ turns: [{}, { claim: "done" }], continue: { limits: { steps: 9 } } });
  const before = engine.store.run(run.id)!.length;
  await (await engine.resume(run.id, { contract, acceptChange: true })).outcome;
  const [first] = storedEvents(
    engine.store,
    { runId: run.id, contract, fold: chartOf(contract.rules).fold },
    0,
  );
  expect(first).toMatchObject({ seq: before + 1, event: { type: "run.continued" }, state: "acting" });
});
