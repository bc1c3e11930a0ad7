import { expect, test } from "vitest";
import { findRun, withRuns } from "../../../src/cli/session.ts";
import { storyOf, transcriptOf } from "../../../src/cli/story.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { acted } from "./events.ts";
import { contract, openStage } from "./stage.ts";

test("puts each event under the turn that it followed", async () => {
  const { environment, run } = openStage();
  await run("run", contract("counter"), "--goal", "three", "--id", "a", "--quiet");
  await withRuns(environment, {}, async (engine) => {
    const story = storyOf(engine.store, findRun(engine, "a"));
    expect(story.map(({ scenes }) => scenes[0]?.type)).toEqual([
      "run.started",
      ...Array(3).fill("xstate.done.actor.act"),
    ]);
    const seqs = story.flatMap(({ scenes }) => scenes.map(({ seq }) => seq));
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
  });
});

test("finds a turn's transcript", () => {
  const store = openMemoryStore();
  const transcript = store.putBlob("what was said");
  const scene = { seq: 1, at: 1, type: "xstate.done.actor.act", evidence: null };
  expect(transcriptOf(store, { ...scene, event: acted({}, { transcript }) })).toBe("what was said");
  expect(transcriptOf(store, { ...scene, event: acted() })).toBeNull();
});
