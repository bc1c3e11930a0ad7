import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../src/engine/types.ts";
import { endlessTurn, journaled, loopOf, sender, sending, stageEngine } from "./stage.ts";

const loop = () =>
  loopOf({
    turns: [
      async (_request, { onOutput }) => {
        // Output is live only: nobody listens before the run is started.
        await new Promise((resolve) => setTimeout(resolve, 50));
        onOutput("thinking");
        return { actions: [sending("a")] };
      },
      { claim: "done" },
    ],
    tools: [sender([])],
  });

describe("the events of a run", () => {
  it("come row by row, each with state, what is left, and the call; output beside them", async () => {
    const engine = await stageEngine();
    const run = await engine.start(loop(), { goal: "watch" });
    const events: RunEvent[] = [];
    for await (const event of run.events()) events.push(event);
    const rows = events.filter((event) => event.kind === "journal");
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, i) => i + 1));
    expect(rows).toHaveLength(engine.store.run(run.id)!.length);
    expect(rows[0]).toMatchObject({
      state: "acting",
      call: "act",
      remaining: { steps: 4 },
      event: { type: "run.started" },
    });
    expect(rows.at(-1)).toMatchObject({ state: "succeeded", call: null });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: "output", source: "agent", text: "thinking" }),
    );
  });

  it("can be read again from any row, after the end and under a new machine too", async () => {
    const engine = await stageEngine();
    const limited = loopOf({ turns: [{ files: {} }, { claim: "done" }], continue: { limits: { steps: 1 } } });
    const run = await engine.start(limited, { goal: "read again" });
    const live = await journaled(run.events());
    expect(await journaled(run.events())).toEqual(live);
    expect(await journaled(run.events({ after: 2 }))).toEqual(live.slice(2));
    const again = await engine.resume(run.id, { raise: { steps: 1 } });
    await again.outcome;
    const all = await journaled(again.events());
    expect(all.slice(0, live.length)).toEqual(live);
    expect(all.at(-1)).toMatchObject({ state: "succeeded" });
    expect(await journaled(again.events({ after: all.length }))).toEqual([]);
  });

  it("end for a reader that leaves, while the run goes on", async () => {
    const { turn, begun } = endlessTurn();
    const engine = await stageEngine();
    const run = await engine.start(loopOf({ turns: [turn] }), { goal: "leave" });
    await begun;
    const controller = new AbortController();
    const reading = journaled(run.events({ signal: controller.signal }));
    controller.abort();
    expect((await reading).length).toBeLessThanOrEqual(engine.store.run(run.id)!.length);
    expect(run.status().state.name).toBe("acting");
  });

  it("end when the run is paused", async () => {
    const { turn, begun } = endlessTurn();
    const engine = await stageEngine();
    const run = await engine.start(loopOf({ turns: [turn] }), { goal: "pause" });
    const reading = journaled(run.events());
    await begun;
    await run.pause();
    expect((await reading).at(-1)).toMatchObject({ state: "acting" });
  });
});

it("answers its status and its end", async () => {
  const engine = await stageEngine();
  const run = await engine.start(loop(), { goal: "ask" });
  expect(run.status()).toMatchObject({ runId: run.id, goal: "ask" });
  expect(await run.outcome).toMatchObject({ status: "succeeded" });
  expect(run.status().state).toMatchObject({ name: "succeeded", status: "ended" });
});
