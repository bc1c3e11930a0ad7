import { expect, it } from "vitest";
import { endOf, releasedEnd } from "../../../src/engine/end.ts";
import { chartOf } from "../../../src/engine/machine.ts";
import { storedSnapshot } from "../../../src/engine/stored.ts";
import { type LoopParts, loopOf, sender, sending, stageEngine } from "./stage.ts";

async function ended(parts: LoopParts) {
  const engine = await stageEngine();
  const loop = loopOf(parts);
  const run = await engine.start(loop, { goal: "end" });
  await run.outcome;
  const record = engine.store.run(run.id)!;
  const snapshot = storedSnapshot(engine.store, record, chartOf(loop.rules).fold);
  return { end: endOf(engine.store, record, snapshot), store: engine.store, record, snapshot };
}
const proposing = { turns: [{ actions: [sending("a")] }] };

it("tells success with what was applied", async () => {
  const turns = [{ actions: [sending("a")], claim: "done" as const }];
  const { end, record } = await ended({ turns, tools: [sender([])] });
  expect(end).toMatchObject({ status: "succeeded", reason: "goal", doubt: null });
  expect(end.applied).toEqual([{ key: `${record.id}/1/0`, tool: "send", result: { sent: "a" } }]);
});

it("tells which tool waits for a person", async () => {
  const { end, record } = await ended({ ...proposing, tools: [sender([])], escalate: {} });
  expect(end).toMatchObject({
    status: "awaitingApproval",
    reason: "send",
    detail: `${record.id}/1/0`,
    applied: [],
  });
});

it("tells a doubt from any other escalation", async () => {
  const execute = () => Promise.reject(new Error("lost"));
  const { end, record } = await ended({ ...proposing, tools: [sender([], { execute })] });
  expect(end).toMatchObject({ status: "inDoubt", reason: "unknownOutcome", doubt: `${record.id}/1/0` });
  expect((await ended({ turns: [{ claim: "stuck" }] })).end).toMatchObject({
    status: "escalated",
    reason: "agentAsked",
  });
});

it("tells who let go", async () => {
  const { store, record, snapshot } = await ended({});
  expect(releasedEnd(store, record, snapshot, "interrupted")).toMatchObject({
    status: "interrupted",
    detail: null,
  });
  expect(releasedEnd(store, record, snapshot, "lost")).toMatchObject({
    status: "lost",
    detail: expect.stringContaining("another"),
  });
});
