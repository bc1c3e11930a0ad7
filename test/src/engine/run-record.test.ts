import { expect, it } from "vitest";
import { movableRecord, recordOf, runError } from "../../../src/engine/run-record.ts";
import { loopOf, stageEngine } from "./stage.ts";

it("finds records, and says where it looked for one that is not there", async () => {
  const engine = await stageEngine();
  await (await engine.start(loopOf(), { goal: "end", id: "mine" })).outcome;
  expect(recordOf(engine, "mine").id).toBe("mine");
  expect(() => recordOf(engine, "yours")).toThrow(/no run yours in memory/);
});

it("leaves embedded runs to those who embed them", async () => {
  const engine = await stageEngine();
  await engine.embed(loopOf(), { goal: "embed", id: "lent" });
  expect(recordOf(engine, "lent").state).toBe("native");
  expect(() => movableRecord(engine, "lent")).toThrow(/embedded/);
});

it("names the run in its errors", () => {
  expect(runError("mine", "it is so", "do that", "busy")).toMatchObject({
    code: "busy",
    field: "mine",
    fix: "do that",
  });
});
