import { expect, it } from "vitest";
import { systemClock } from "../../../src/base/system-clock.ts";
import type { EngineCore } from "../../../src/engine/core.ts";
import { newRun } from "../../../src/engine/starting.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { loopOf, rejection, stageEngine } from "./stage.ts";

const coreOf = () =>
  ({
    store: openMemoryStore(),
    clock: systemClock,
    owner: "me",
    leaseMs: 60_000,
    stateDirectory: "/state",
    opening: new Set(),
    tidying: new Set(),
    host: { holds: () => false },
  }) as never as EngineCore;

it("makes record and origin of a run, its contract and chart kept under their digests", async () => {
  const core = coreOf();
  const start = { goal: "go", id: "mine", directory: "/project" };
  const made = await newRun(core, { contract: loopOf(), start }, (all) => all);
  expect(made.record).toMatchObject({
    id: "mine",
    loop: "staged",
    goal: "go",
    directory: "/project",
    scratch: "/state/runs/mine",
    epoch: 1,
  });
  expect(made.origin).toMatchObject({
    type: "run.started",
    goal: "go",
    input: { runId: "mine", baseTree: null, carried: null },
  });
  for (const digest of [made.record.contractDigest, made.record.chartDigest])
    expect(core.store.blob(digest)).not.toBeNull();
});

it.each(["../up", "", "a/b", "-x", "x".repeat(65)])("refuses %j as an id, and takes no lease", async (id) => {
  const core = coreOf();
  expect(
    await rejection(newRun(core, { contract: loopOf(), start: { goal: "go", id } }, () => {})),
  ).toMatchObject({ code: "usage", field: "id" });
});

it("takes away the workspace of a run that did not come to be", async () => {
  const core = coreOf();
  let closed = 0;
  const close = async () => {
    closed += 1;
  };
  const workspace = { kind: "fake", open: async () => ({ base: { tree: "T", commit: null }, close }) };
  const begin = () => {
    throw new Error("disk full");
  };
  const start = { goal: "go", id: "mine" };
  await expect(
    newRun(core, { contract: loopOf({ workspace: workspace as never }), start }, begin),
  ).rejects.toThrow("disk full");
  await Promise.all(core.tidying);
  expect(closed).toBe(1);
});

it("leaves nothing behind when the first row cannot be written", async () => {
  const engine = await stageEngine();
  const store = engine.store;
  let full = true;
  const failing = {
    ...store,
    close: () => {},
    commit: (...given: Parameters<typeof store.commit>) => {
      if (full) throw new Error("disk full");
      return store.commit(...given);
    },
  };
  const second = await stageEngine({ store: failing });
  await expect(second.start(loopOf(), { goal: "go", id: "mine" })).rejects.toThrow("disk full");
  full = false;
  expect(store.run("mine")).toBeNull();
  expect(await (await engine.start(loopOf(), { goal: "go", id: "mine" })).outcome).toMatchObject({
    status: "succeeded",
  });
});
