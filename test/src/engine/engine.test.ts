import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../../../src/store/index.ts";
import { tempDirectory } from "../../helpers/temp.ts";
import {
  endlessTurn,
  loopOf,
  rejection,
  scriptedCheck,
  sender,
  sending,
  stageEngine,
  stores,
} from "./stage.ts";

describe.each(stores)("an engine over a %s store", (_name, open) => {
  it("runs a loop to its goal: proposal, effect, proof", async () => {
    const sent: string[] = [];
    const engine = await stageEngine({ store: open() });
    const loop = loopOf({
      turns: [{ actions: [sending("hello")] }, { claim: "done" }],
      tools: [sender(sent)],
    });
    const run = await engine.start(loop, { goal: "say hello" });
    const end = await run.outcome;
    expect(end).toMatchObject({ runId: run.id, status: "succeeded", reason: "goal", doubt: null });
    expect(end.applied).toEqual([{ key: `${run.id}/1/0`, tool: "send", result: { sent: "hello" } }]);
    expect(end.spent).toMatchObject({ steps: 2, effects: 1 });
    expect(sent).toEqual(["hello"]);
    expect(engine.verifyLog(run.id, loop)).toMatchObject({ ok: true, problem: null });
    expect(engine.list()).toMatchObject([
      { id: run.id, status: "ended", state: "succeeded", goal: "say hello" },
    ]);
    expect(engine.list({ status: "running" })).toEqual([]);
  });

  it("goes on in another engine where a paused one let go", async () => {
    const store = open();
    const { turn, begun } = endlessTurn();
    const first = await stageEngine({ store });
    const run = await first.start(loopOf({ turns: [turn] }), { goal: "go on" });
    await begun;
    expect(await run.pause()).toMatchObject({ status: "interrupted", reason: "interrupted" });
    const second = await stageEngine({ store });
    const again = await second.resume(run.id, { contract: loopOf({ turns: [{ claim: "done" }] }) });
    expect(await again.outcome).toMatchObject({ status: "succeeded", spent: { steps: 1, recoveries: 1 } });
    expect(second.verifyLog(run.id, loopOf())).toMatchObject({ ok: true });
  });

  it("aborts a run as soon as nothing is in flight", async () => {
    const { turn, begun } = endlessTurn();
    const engine = await stageEngine({ store: open() });
    const run = await engine.start(loopOf({ turns: [turn] }), { goal: "never" });
    await begun;
    expect(await run.abort({ reason: "enough" })).toMatchObject({
      status: "stopped",
      reason: "aborted",
      detail: "enough",
    });
  });
});

describe("opening and closing", () => {
  it("closes twice, and refuses to start afterwards", async () => {
    const engine = await stageEngine({ store: openSqliteStore({ file: `${tempDirectory()}/store.db` }) });
    await engine.close();
    await engine.close();
    await expect(engine.start(loopOf(), { goal: "too late" })).rejects.toThrow();
  });

  it("lets go of what it moves when it closes; another engine goes on at once", async () => {
    const file = `${tempDirectory()}/store.db`;
    const { turn, begun } = endlessTurn();
    const first = await stageEngine({ store: file });
    const run = await first.start(loopOf({ turns: [turn] }), { goal: "go on" });
    await begun;
    await first.close();
    expect(await run.outcome).toMatchObject({ status: "interrupted" });
    const second = await stageEngine({ store: file });
    const again = await second.resume(run.id, { contract: loopOf() });
    expect(await again.outcome).toMatchObject({ status: "succeeded" });
  });

  it("survives a workspace that cannot be tidied up when the run ends", async () => {
    const engine = await stageEngine();
    const session = {
      path: "/",
      base: { tree: "T", commit: null },
      snapshot: async () => "T",
      restore: async () => {},
      git: null,
    };
    const workspace = {
      kind: "broken",
      open: async () => ({ ...session, close: () => Promise.reject(new Error("busy directory")) }),
    };
    const run = await engine.start(loopOf({ workspace: workspace as never }), { goal: "end" });
    expect(await run.outcome).toMatchObject({ status: "succeeded" });
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

describe("starting", () => {
  it("refuses an empty goal and an id that is taken", async () => {
    const engine = await stageEngine();
    expect(await rejection(engine.start(loopOf(), { goal: " \n" }))).toMatchObject({
      code: "usage",
      field: "goal",
    });
    const run = await engine.start(loopOf(), { goal: "once", id: "mine" });
    await run.outcome;
    expect(await rejection(engine.start(loopOf(), { goal: "twice", id: "mine" }))).toMatchObject({
      field: "mine",
    });
  });

  it("starts one run when two ask for the same id at once", async () => {
    const engine = await stageEngine();
    const both = await Promise.allSettled([
      engine.start(loopOf(), { goal: "one", id: "same" }),
      engine.start(loopOf(), { goal: "two", id: "same" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const started = both.find((one) => one.status === "fulfilled")!;
    expect(await started.value.outcome).toMatchObject({ status: "succeeded" });
  });

  it("gives the lease back when the workspace cannot be opened", async () => {
    const engine = await stageEngine();
    let broken = true;
    const workspace = {
      kind: "moody",
      open: async () => {
        if (broken) throw new Error("no room");
        return null;
      },
    };
    const loop = loopOf({ workspace: workspace as never });
    await expect(engine.start(loop, { goal: "go", id: "moody" })).rejects.toThrow("no room");
    broken = false;
    const other = await stageEngine({ store: engine.store });
    expect(await (await other.start(loop, { goal: "go", id: "moody" })).outcome).toMatchObject({
      status: "succeeded",
    });
  });

  it("keeps going when texts hold half a character", async () => {
    const engine = await stageEngine();
    const sent: string[] = [];
    const loop = loopOf({
      turns: [{ note: "half \ud83d", actions: [sending("whole")] }, { claim: "done" }],
      tools: [
        sender(sent, { execute: async () => ({ outcome: "applied", result: { "\udc00": "\ud83d" } }) }),
      ],
      proposal: [
        scriptedCheck(() => ({
          verifier: "v",
          verdict: "passed",
          summary: "\udc00",
          fingerprint: "\ud800",
          durationMs: 0,
          output: "\ud83d",
        })),
      ],
    });
    const run = await engine.start(loop, { goal: "half a \ud83d goal" });
    expect(await run.outcome).toMatchObject({ status: "succeeded", applied: [{ tool: "send" }] });
  });
});
