import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { scriptedAgent } from "../../../src/agents/index.ts";
import { systemClock } from "../../../src/base/system-clock.ts";
import type { Engine } from "../../../src/engine/types.ts";
import type { Store } from "../../../src/ports/store.ts";
import { gitWorkspace } from "../../../src/workspaces/index.ts";
import { makeRepository } from "../../helpers/repository.ts";
import {
  endlessTurn,
  gate,
  journaled,
  loopOf,
  rejection,
  sender,
  sending,
  stageEngine,
  stores,
} from "./stage.ts";

const noUsage = { tokens: 0, costMicroUsd: 0 };
/** A tool whose answer is lost, so that every attempt stays in doubt. */
const losing = (sent: string[]) =>
  sender(sent, {
    execute: async ({ text }: { text: string }) => {
      sent.push(text);
      throw new Error("connection lost");
    },
  });

const eventsOf = (engine: Engine, runId: string) =>
  engine.store.journal(runId).map(({ event }) => JSON.parse(event) as { type: string });

describe.each(stores)("a limit, over a %s store,", (_name, open) => {
  it.each([
    ["steps", { steps: 2 }, { steps: 2 }],
    ["tokens", { tokens: 20 }, { tokens: 20 }],
    ["costMicroUsd", { costMicroUsd: 200 }, { costMicroUsd: 200 }],
  ] as const)("of %s ends resumable, and a raise goes on, cumulatively", async (name, limits, raise) => {
    const store = open();
    const working = { note: "working", files: {}, usage: { tokens: 10, costMicroUsd: 100 } };
    const turns = [working, working, working, { claim: "done" as const, usage: noUsage }];
    const parts = { turns, continue: { limits, progress: { patience: 50 } } };
    const first = await stageEngine({ store });
    const run = await first.start(loopOf(parts), { goal: "count" });
    expect(await run.outcome).toMatchObject({
      status: "stopped",
      reason: "limit",
      detail: name,
      spent: { steps: 2 },
    });
    expect(first.status(run.id, loopOf(parts)).budget[name].remaining).toBe(0);
    await run.pause();
    const second = await stageEngine({ store });
    expect(await rejection(second.resume(run.id, { contract: loopOf(parts) }))).toMatchObject({
      code: "run",
      message: expect.stringContaining(name),
    });
    const again = await second.resume(run.id, { contract: loopOf(parts), raise });
    expect(await again.outcome).toMatchObject({
      status: "succeeded",
      spent: { steps: 4, tokens: 30, costMicroUsd: 300 },
    });
    expect(again.status().budget[name].limit).toBe(2 * Object.values(limits)[0]!);
    expect(second.verifyLog(run.id, loopOf(parts))).toMatchObject({ ok: true });
  });
});

describe("resuming beyond a limit", () => {
  it("finds the workspace again with what the agent had done", async () => {
    const repository = makeRepository({ "a.txt": "a" });
    const seen: string[] = [];
    const turns = [
      { files: { "b.txt": "one" } },
      async ({ directory }: { directory: string }) => {
        seen.push(await readFile(`${directory}/b.txt`, "utf8"));
        return { claim: "done" as const };
      },
    ];
    const loop = loopOf({ turns, workspace: gitWorkspace(), continue: { limits: { steps: 1 } } });
    const engine = await stageEngine();
    const run = await engine.start(loop, { goal: "keep", directory: repository.path });
    expect(await run.outcome).toMatchObject({ status: "stopped", reason: "limit" });
    const again = await engine.resume(run.id, { raise: { steps: 1 } });
    expect(await again.outcome).toMatchObject({ status: "succeeded" });
    expect(seen).toEqual(["one"]);
  });

  it.each([[{ steps: -1 }], [{ steps: 1.5 }], [{ steps: Number.NaN }], [{ step: 3 }]])(
    "refuses a raise of %j and changes nothing",
    async (raise) => {
      const engine = await stageEngine();
      const loop = loopOf({ turns: [{ claim: "stuck" }] });
      const run = await engine.start(loop, { goal: "x" });
      expect(await run.outcome).toMatchObject({ status: "escalated" });
      const rows = engine.store.journal(run.id).length;
      expect(await rejection(engine.resume(run.id, { raise: raise as never }))).toMatchObject({
        code: "usage",
        field: "raise",
      });
      expect(engine.store.journal(run.id)).toHaveLength(rows);
      expect(engine.store.directives([run.id])).toEqual([]);
    },
  );

  it("refuses to raise by nothing", async () => {
    const engine = await stageEngine();
    const loop = loopOf({ turns: [{ files: {} }], continue: { limits: { steps: 1 } } });
    const run = await engine.start(loop, { goal: "x" });
    await run.outcome;
    expect(await rejection(engine.resume(run.id, { raise: { steps: 0 } }))).toMatchObject({ code: "run" });
  });
});

describe("resuming an escalated run", () => {
  it("takes an instruction to the agent, in the same engine, and streams what follows", async () => {
    const heard: unknown[] = [];
    const loop = loopOf({
      turns: [
        { claim: "stuck", note: "which one?" },
        ({ feedback }) => {
          heard.push(feedback);
          return { claim: "done" };
        },
      ],
    });
    const engine = await stageEngine();
    const run = await engine.start(loop, { goal: "ask" });
    expect(await run.outcome).toMatchObject({
      status: "escalated",
      reason: "agentAsked",
      detail: "which one?",
    });
    const rows = engine.store.run(run.id)!.length;
    const again = await engine.resume(run.id, { say: "the left one", by: "ann" });
    const types = (await journaled(again.events({ after: rows }))).map(({ event }) => event.type);
    expect(types).toContain("directive.resume");
    expect(await again.outcome).toMatchObject({ status: "succeeded" });
    expect(heard).toEqual([[{ kind: "instruction", text: "the left one" }]]);
    expect(engine.verifyLog(run.id, loop).ok).toBe(true);
  });

  it("streams what follows in another engine too", async () => {
    const first = await stageEngine();
    const loop = loopOf({ turns: [{ claim: "stuck" }, { claim: "done" }] });
    const run = await first.start(loop, { goal: "ask" });
    await run.outcome;
    await first.close();
    const second = await stageEngine({ store: first.store });
    const again = await second.resume(run.id, { contract: loop });
    expect((await journaled(again.events())).at(-1)).toMatchObject({ state: "succeeded" });
  });

  it("leaves no timer of the parked run behind", async () => {
    const engine = await stageEngine();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const loop = loopOf({ turns: [{ claim: "stuck" }, { claim: "stuck" }, { claim: "done" }] });
    const run = await engine.start(loop, { goal: "ask" });
    await run.outcome;
    await (await engine.resume(run.id)).outcome;
    await (await engine.resume(run.id)).outcome;
    expect(timers() - before).toBeLessThanOrEqual(0);
  });

  it("rests again although a row in its inbox is no word at all", async () => {
    const engine = await stageEngine();
    const loop = loopOf({ turns: [{ claim: "stuck" }] });
    const run = await engine.start(loop, { goal: "ask" });
    await run.outcome;
    await engine.close();
    const second = await stageEngine({ store: engine.store });
    engine.store.post({ runId: run.id, at: 0, event: '{"type":"directive.dance"}' });
    const again = await second.resume(run.id, { contract: loop });
    expect(await again.outcome).toMatchObject({ status: "escalated" });
  });

  it("aborts, and the handle says so", async () => {
    const engine = await stageEngine();
    const run = await engine.start(loopOf({ turns: [{ claim: "stuck" }] }), { goal: "ask" });
    expect(await run.outcome).toMatchObject({ status: "escalated" });
    expect(await run.abort({ reason: "never mind" })).toMatchObject({ status: "stopped", reason: "aborted" });
    expect(await run.outcome).toMatchObject({ status: "stopped" });
  });
});

describe("refusing to resume", () => {
  it("a run that this engine is moving", async () => {
    const { turn, begun } = endlessTurn();
    const engine = await stageEngine();
    const run = await engine.start(loopOf({ turns: [turn] }), { goal: "busy" });
    await begun;
    expect(await rejection(engine.resume(run.id))).toMatchObject({ code: "busy", field: run.id });
    expect(engine.store.journal(run.id).filter(({ event }) => event.includes("host.recovered"))).toEqual([]);
  });

  it("all but one of those who ask at once", async () => {
    const engine = await stageEngine();
    const run = await engine.start(loopOf({ turns: [{ claim: "stuck" }, { claim: "done" }] }), {
      goal: "ask",
    });
    await run.outcome;
    const both = await Promise.allSettled([engine.resume(run.id), engine.resume(run.id)]);
    expect(both.filter(({ status }) => status === "rejected")).toMatchObject([{ reason: { code: "busy" } }]);
    const going = both.find((one) => one.status === "fulfilled")!;
    expect(await going.value.outcome).toMatchObject({ status: "succeeded" });
  });

  it("a run that another engine holds", async () => {
    const { turn, begun } = endlessTurn();
    const engine = await stageEngine();
    const run = await engine.start(loopOf({ turns: [turn] }), { goal: "busy" });
    await begun;
    const other = await stageEngine({ store: engine.store });
    expect(await rejection(other.resume(run.id, { contract: loopOf({ turns: [turn] }) }))).toMatchObject({
      code: "busy",
      message: expect.stringContaining(String(process.pid)),
    });
  });

  it("a run that does not exist, whose contract is unknown, or that has ended", async () => {
    const engine = await stageEngine();
    expect(await rejection(engine.resume("nothing"))).toMatchObject({ code: "run", field: "nothing" });
    const run = await engine.start(loopOf(), { goal: "end" });
    await run.outcome;
    expect(await rejection(engine.resume(run.id, { contract: loopOf() }))).toMatchObject({
      code: "run",
      message: expect.stringContaining("has ended"),
    });
    const other = await stageEngine({ store: engine.store });
    const parked = await engine.start(loopOf({ turns: [{ claim: "stuck" }] }), { goal: "ask" });
    await parked.outcome;
    await parked.pause();
    expect(await rejection(other.resume(parked.id))).toMatchObject({
      message: expect.stringContaining("contract"),
    });
  });

  it("a word to a run that would not hear it", async () => {
    const { turn, begun } = endlessTurn();
    const engine = await stageEngine();
    const run = await engine.start(loopOf({ turns: [turn] }), { goal: "pause" });
    await begun;
    await run.pause();
    expect(await rejection(engine.resume(run.id, { say: "hurry" }))).toMatchObject({ code: "run" });
    expect(await rejection(engine.resume(run.id, { say: "hurry", acceptChange: true }))).toMatchObject({
      code: "run",
    });
  });
});

describe("a run in doubt", () => {
  async function doubtful() {
    const sent: string[] = [];
    const engine = await stageEngine();
    const loop = loopOf({ turns: [{ actions: [sending("money")] }], tools: [losing(sent)] });
    const run = await engine.start(loop, { goal: "pay" });
    expect(await run.outcome).toMatchObject({
      status: "inDoubt",
      reason: "unknownOutcome",
      doubt: `${run.id}/1/0`,
    });
    return { sent, engine, loop, run };
  }

  it("cannot be resumed past, by any option", async () => {
    const { sent, engine, run } = await doubtful();
    const other = loopOf({ turns: [{ claim: "done" }], continue: { limits: { steps: 9 } } });
    for (const options of [
      {},
      { say: "go on" },
      { raise: { steps: 1 } },
      { contract: other, acceptChange: true },
    ]) {
      expect(await rejection(engine.resume(run.id, options))).toMatchObject({
        code: "run",
        message: expect.stringContaining("in doubt"),
      });
    }
    expect(sent).toEqual(["money"]);
    expect(engine.store.effect(`${run.id}/1/0`)).toMatchObject({ status: "inDoubt" });
  });

  it("keeps its doubt when it is aborted", async () => {
    const { engine, run } = await doubtful();
    expect(await run.abort({ reason: "enough" })).toMatchObject({
      status: "stopped",
      doubt: `${run.id}/1/0`,
    });
    expect(await rejection(engine.resume(run.id, { raise: { steps: 5 } }))).toMatchObject({ code: "run" });
    expect(engine.store.effect(`${run.id}/1/0`)).toMatchObject({ status: "inDoubt" });
  });
});

describe("resuming under another contract", () => {
  const paused = async (more: object = {}) => {
    const { turn, begun } = endlessTurn();
    const engine = await stageEngine();
    const loop = loopOf({ turns: [turn], continue: { limits: { steps: 5 } }, ...more });
    const run = await engine.start(loop, { goal: "change" });
    await begun;
    await run.pause();
    return { engine, run, loop };
  };
  const other = () =>
    loopOf({ turns: [{ claim: "done" }, { claim: "done" }], continue: { limits: { steps: 7 } } });

  it("refuses, and shows the difference", async () => {
    const { engine, run, loop } = await paused();
    expect(engine.changes(run.id, loop)).toEqual([]);
    const [change] = engine.changes(run.id, other());
    expect(change).toMatchObject({ what: "contract", was: engine.store.run(run.id)!.contractDigest });
    expect(change?.differences).toEqual([expect.stringMatching(/limits\.steps: 5 → 7/)]);
    expect(await rejection(engine.resume(run.id, { contract: other() }))).toMatchObject({
      code: "run",
      message: expect.stringMatching(/another contract[\s\S]*limits\.steps: 5 → 7/),
    });
  });

  it("goes on when a person accepts it: grants are void, spending stays, the new rules count", async () => {
    const { engine, run } = await paused();
    const grant = {
      effectKey: `${run.id}/1/0`,
      approver: "ann",
      token: "t",
      issuedAt: 0,
      expiresAt: 9e15,
      usedBy: null,
    };
    engine.store.putGrant({ id: "g", ...grant, voidedAt: null });
    const again = await engine.resume(run.id, { contract: other(), acceptChange: true, by: "ann" });
    expect(await again.outcome).toMatchObject({ status: "succeeded", spent: { steps: 2 } });
    expect(engine.store.grants(`${run.id}/1/0`)[0]?.voidedAt).not.toBeNull();
    expect(eventsOf(engine, run.id)).toContainEqual(
      expect.objectContaining({ type: "run.continued", because: "changeAccepted", by: "ann", signed: false }),
    );
    expect(again.status().budget.steps.limit).toBe(7);
    expect(engine.verifyLog(run.id, other())).toMatchObject({ ok: true });
    expect(engine.changes(run.id, other())).toEqual([]);
  });

  it("charges the turn that was in flight at its worst case", async () => {
    const store = (await stageEngine()).store;
    const { turn, begun } = endlessTurn();
    const maxPerTurn = { tokens: 50, costMicroUsd: 70 };
    const first = await stageEngine({ store });
    const run = await first.start(loopOf({ agent: scriptedAgent({ turns: [turn], maxPerTurn }) }), {
      goal: "pay",
    });
    await begun;
    await run.pause();
    const next = loopOf({
      agent: scriptedAgent({ turns: [{ claim: "done" }, { claim: "done" }], maxPerTurn }),
      continue: { limits: { steps: 9 } },
    });
    const again = await first.resume(run.id, { contract: next, acceptChange: true });
    expect(await again.outcome).toMatchObject({
      status: "succeeded",
      spent: { tokens: 50, costMicroUsd: 70 },
    });
  });

  it("lets the detectors start afresh and hears what is said, where the run was escalated", async () => {
    const engine = await stageEngine();
    const heard: unknown[] = [];
    const nothing = loopOf(stalling([]));
    const run = await engine.start(nothing, { goal: "stall" });
    expect(await run.outcome).toMatchObject({ status: "escalated", reason: "noProgress" });
    const next = loopOf({ ...stalling(heard), retry: { failuresInARow: 9 } });
    const again = await engine.resume(run.id, { contract: next, acceptChange: true, say: "try b" });
    expect(await again.outcome).toMatchObject({ status: "succeeded" });
    expect(heard).toContainEqual(expect.arrayContaining([{ kind: "instruction", text: "try b" }]));
  });

  it("keeps a doubt that a crash left, and parks the run for it", async () => {
    const { promise, open } = gate<never>();
    const sent = gate();
    const hanging = sender([], {
      execute: () => {
        sent.open();
        return promise;
      },
    });
    const engine = await stageEngine();
    const loop = loopOf({ turns: [{ actions: [sending("x")] }], tools: [hanging] });
    const run = await engine.start(loop, { goal: "doubt" });
    await sent.promise;
    const crashed = await stageEngine({ store: copyOf(engine), leaseMs: 5_000, clock: later() });
    const next = loopOf({
      turns: [{ claim: "done" }, { claim: "done" }],
      continue: { limits: { steps: 9 } },
    });
    const again = await crashed.resume(run.id, { contract: next, acceptChange: true });
    expect(await again.outcome).toMatchObject({ status: "inDoubt", reason: "unknownOutcome" });
    expect(crashed.store.effect(`${run.id}/1/0`)).toMatchObject({ status: "inDoubt" });
    open(undefined as never);
    await run.outcome.catch(() => {});
  });
});

/** The store as a process sees it after its host has died. */
const copyOf = ({ store }: Engine): Store => ({ ...store, close: () => {} });
/** A clock an hour ahead, for which every lease has expired. */
const later = () => ({ ...systemClock, now: () => Date.now() + 3_600_000 });

/** An agent that does nothing until it is told something. */
const stalling = (heard: unknown[]) => ({
  agent: scriptedAgent({
    turns: [],
    onExhausted: ({ feedback }) => {
      heard.push(feedback);
      return feedback.some(({ kind }) => kind === "instruction") ? { claim: "done" } : {};
    },
  }),
  continue: { limits: { steps: 40 }, progress: { patience: 2 } },
});
