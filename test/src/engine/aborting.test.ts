import { describe, expect, it } from "vitest";
import { endlessTurn, gate, loopOf, rejection, sender, sending, stageEngine, stores } from "./stage.ts";

describe.each(stores)("aborting, over a %s store,", (_name, open) => {
  it("ends a run that nobody moves, without a turn, a check or a workspace", async () => {
    const store = open();
    const { turn, begun } = endlessTurn();
    const first = await stageEngine({ store });
    const run = await first.start(loopOf({ turns: [turn] }), { goal: "pause" });
    await begun;
    await run.pause();
    let turns = 0;
    let opened = 0;
    const counting = loopOf({
      turns: [
        () => {
          turns += 1;
          return { claim: "done" };
        },
      ],
    });
    const workspace = {
      kind: "counting",
      open: async () => {
        opened += 1;
        return null;
      },
    };
    const second = await stageEngine({ store });
    await second.abort(run.id, {
      reason: "enough",
      contract: { ...counting, workspace: workspace as never },
    });
    expect(store.run(run.id)).toMatchObject({
      status: "ended",
      outcome: { reason: "aborted", detail: "enough" },
    });
    expect(turns).toBe(0);
    expect(opened).toBeLessThanOrEqual(1);
    expect(second.verifyLog(run.id, loopOf())).toMatchObject({ ok: true });
  });

  it("leaves the word to the engine that moves the run", async () => {
    const store = open();
    const { turn, begun } = endlessTurn();
    const mover = await stageEngine({ store });
    const run = await mover.start(loopOf({ turns: [turn] }), { goal: "wait" });
    await begun;
    const other = await stageEngine({ store });
    await other.abort(run.id, { reason: "from elsewhere", by: "ann", contract: loopOf({ turns: [turn] }) });
    expect(await run.outcome).toMatchObject({
      status: "stopped",
      reason: "aborted",
      detail: "from elsewhere",
    });
  });
});

it("ends a run that this engine paused, though nobody gives its contract again", async () => {
  const { turn, begun } = endlessTurn();
  const engine = await stageEngine();
  const run = await engine.start(loopOf({ turns: [turn] }), { goal: "pause" });
  await begun;
  await run.pause();
  expect(await run.abort({ reason: "enough" })).toMatchObject({ status: "stopped", reason: "aborted" });
});

it("leaves the word in the inbox where nobody knows the contract", async () => {
  const { turn, begun } = endlessTurn();
  const first = await stageEngine();
  const run = await first.start(loopOf({ turns: [turn] }), { goal: "pause" });
  await begun;
  await run.pause();
  const second = await stageEngine({ store: first.store });
  await second.abort(run.id, { reason: "later" });
  expect(second.store.run(run.id)?.status).toBe("running");
  const again = await second.resume(run.id, { contract: loopOf({ turns: [turn] }) });
  expect(await again.outcome).toMatchObject({ status: "stopped", reason: "aborted", detail: "later" });
});

it("waits for a dispatch in flight, and keeps its outcome", async () => {
  const { promise, open } = gate<{ outcome: "applied"; result: string }>();
  const begun = gate();
  const slow = sender([], {
    execute: () => {
      begun.open();
      return promise;
    },
  });
  const engine = await stageEngine();
  const run = await engine.start(loopOf({ turns: [{ actions: [sending("x")] }], tools: [slow] }), {
    goal: "send",
  });
  await begun.promise;
  const aborted = run.abort({ reason: "enough" });
  open({ outcome: "applied", result: "sent" });
  expect(await aborted).toMatchObject({
    status: "stopped",
    reason: "aborted",
    applied: [{ result: "sent" }],
    doubt: null,
  });
});

it("refuses a run that is not there, or has ended", async () => {
  const engine = await stageEngine();
  expect(await rejection(engine.abort("nothing", { reason: "x" }))).toMatchObject({ field: "nothing" });
  const run = await engine.start(loopOf(), { goal: "end" });
  await run.outcome;
  expect(await rejection(run.abort({ reason: "x" }))).toMatchObject({
    message: expect.stringContaining("ended"),
  });
});
