import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("lists the runs of one loop and status, newest first", async () => {
  const { run } = openStage();
  await run("run", contract("counter"), "--goal", "three", "--id", "a", "--quiet");
  await run("run", contract("stuck"), "--goal", "guess", "--id", "b", "--quiet");
  const ids = async (...words: string[]) =>
    JSON.parse((await run("list", "--json", ...words)).out).map(({ id }: { id: string }) => id);
  expect(await ids()).toEqual(["b", "a"]);
  expect(await ids("--limit", "1")).toEqual(["b"]);
  expect(await ids("--loop", "counter")).toEqual(["a"]);
  expect(await ids("--status", "parked")).toEqual(["b"]);
});

test("refuses a status that does not exist", async () => {
  const { code, err } = await openStage().run("list", "--status", "sleeping");
  expect(code).toBe(2);
  expect(err).toContain('"sleeping" is not one of running, parked, ended');
});
