import { expect, test } from "vitest";
import { contract, openStage } from "./stage.ts";

test("tells only what is new when a run goes on", async () => {
  const { run } = openStage();
  await run("run", contract("limited"), "--goal", "three", "--id", "a");
  const { out } = await run("resume", "a", "--add-steps", "5", "--yes");
  expect(out).not.toContain("step 1");
  expect(out).toContain("step 3   agent:");
});

test("tells nothing but the end when asked to be quiet", async () => {
  const { out } = await openStage().run("run", contract("counter"), "--goal", "three", "--quiet");
  expect(out).toMatch(/^succeeded/);
});
