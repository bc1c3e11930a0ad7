import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("ends a parked run and journals the reason", async () => {
  const { run } = openStage();
  await run("run", contract("asking"), "--goal", "put", "--id", "a", "--quiet");
  expect(await run("abort", "a", "--reason", "not needed")).toMatchObject({
    code: 0,
    out: "run a is aborted\n",
  });
  expect((await run("show", "a")).out).toContain("not needed");
});

test("refuses an empty reason and an ended run", async () => {
  const { run } = openStage();
  await run("run", contract("counter"), "--goal", "three", "--id", "a", "--quiet");
  expect(await run("abort", "a", "--reason", "")).toMatchObject({ code: 2 });
  expect((await run("abort", "a", "--reason", "late")).err).toContain("has ended already");
});
