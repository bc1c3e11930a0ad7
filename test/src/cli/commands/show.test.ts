import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("tells the story by step with its evidence, as text and as JSON", async () => {
  const { run } = openStage();
  await run("run", contract("counter"), "--goal", "three", "--id", "a", "--quiet");
  const { out } = await run("show", "a");
  expect(out).toContain("2 of 3 steps missing");
  expect(out).not.toContain("looked at step 1");
  const story = JSON.parse((await run("show", "a", "--json")).out);
  expect(story.steps.map(({ step }: { step: number }) => step)).toEqual([0, 1, 2, 3]);
  expect(story.steps[1].scenes[1].evidence[0]).toMatchObject({ verifier: "steps", verdict: "failed" });
  expect(story.effects).toHaveLength(1);
});

test("shows outputs and arguments of a single step", async () => {
  const { run } = openStage();
  await run("run", contract("counter"), "--goal", "three", "--id", "a", "--quiet");
  const { out } = await run("show", "a", "--step", "2");
  expect(out).toContain("looked at step 2");
  expect(out).not.toContain("looked at step 1");
  expect(await run("show", "a", "--step", "4")).toMatchObject({ code: 2 });
});
