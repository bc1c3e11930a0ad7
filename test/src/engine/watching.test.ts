import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { gitWorkspace } from "../../../src/workspaces/index.ts";
import { makeRepository } from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";
import { loopOf, stageEngine } from "./stage.ts";

it("tidies the workspace of a run that has ended for good, and keeps that of one that a raise can go on with", async () => {
  const directory = makeRepository({ "a.txt": "a" }).path;
  const stateDirectory = tempDirectory("state");
  const engine = await stageEngine({ stateDirectory });
  const parts = { workspace: gitWorkspace(), continue: { limits: { steps: 1 } } };
  const ended = await engine.start(loopOf(parts), { goal: "end", directory });
  const limited = await engine.start(loopOf({ ...parts, turns: [{ files: { b: "b" } }] }), {
    goal: "stop",
    directory,
  });
  expect([await ended.outcome, await limited.outcome]).toMatchObject([
    { status: "succeeded" },
    { reason: "limit" },
  ]);
  const work = ({ id }: { id: string }) => `${engine.store.run(id)!.scratch}/work`;
  expect(existsSync(work(limited))).toBe(true);
  await engine.close();
  expect(existsSync(work(ended))).toBe(false);
  expect(existsSync(work(limited))).toBe(true);
});

it("moves on a parked run for which a word comes from elsewhere, with another end", async () => {
  const engine = await stageEngine();
  const run = await engine.start(loopOf({ turns: [{ claim: "stuck" }, { claim: "done" }] }), { goal: "ask" });
  const first = run.outcome;
  expect(await first).toMatchObject({ status: "escalated" });
  const word = {
    type: "directive.resume",
    at: Date.now(),
    random: 0,
    by: "ann",
    signed: false,
    say: null,
    raise: {},
  };
  engine.store.post({ runId: run.id, at: word.at, event: JSON.stringify(word) });
  for await (const event of run.events()) void event;
  while ((await run.outcome).status === "escalated") await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await run.outcome).toMatchObject({ status: "succeeded" });
  expect(await first).toMatchObject({ status: "escalated" });
});

it("tells of a store that fails while a run moves, and ends what waits for it", async () => {
  const { store } = await stageEngine();
  let full = false;
  const failing = {
    ...store,
    close: () => {},
    commit: (...given: Parameters<typeof store.commit>) => {
      if (full) throw new Error("disk full");
      return store.commit(...given);
    },
  };
  const engine = await stageEngine({ store: failing });
  const turn = () => {
    full = true;
    return { claim: "done" as const };
  };
  const run = await engine.start(loopOf({ turns: [turn] }), { goal: "fail" });
  const reading = (async () => {
    for await (const event of run.events()) void event;
  })();
  await expect(run.outcome).rejects.toThrow("disk full");
  await reading;
});

it("tells whoever waits, also when the store that failed cannot even say how the run stands", async () => {
  const { store } = await stageEngine();
  let broken = false;
  const failing = {
    ...store,
    close: () => {},
    renew: () => [],
    run: (...given: Parameters<typeof store.run>) => {
      if (broken) throw new Error("disk gone");
      return store.run(...given);
    },
  };
  const engine = await stageEngine({ store: failing, leaseMs: 60 });
  const turn = async () => {
    broken = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { claim: "done" as const };
  };
  const run = await engine.start(loopOf({ turns: [turn] }), { goal: "fail" });
  await expect(run.outcome).rejects.toThrow("disk gone");
});
