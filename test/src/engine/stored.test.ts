import { expect, it } from "vitest";
import { chartOf } from "../../../src/engine/machine.ts";
import { storedMemory, storedSnapshot } from "../../../src/engine/stored.ts";
import { loopOf, stageEngine } from "./stage.ts";

it("reads what is stored, and refuses what does not fit", async () => {
  const engine = await stageEngine();
  const contract = loopOf({ turns: [{ claim: "stuck" }] });
  const run = await engine.start(contract, { goal: "stop" });
  await run.outcome;
  const record = engine.store.run(run.id)!;
  const { fold } = chartOf(contract.rules);
  expect(storedSnapshot(engine.store, record, fold).value).toBe("escalated");
  expect(storedMemory(engine.store, record)).toMatchObject({ runId: run.id, spent: { steps: 1 } });
  for (const text of ["", "{}", '{"value":"dreaming","status":"active","context":{}}']) {
    const torn = { ...engine.store, snapshot: () => text };
    expect(() => storedSnapshot(torn, record, fold)).toThrow(/does not fit this chart/);
    expect(() => storedMemory(torn, record)).toThrow(/does not fit this chart/);
  }
});
