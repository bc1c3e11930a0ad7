import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("finds a journal clean, and damaged once a row was changed", async () => {
  const { run, directory } = openStage();
  await run("run", contract("counter"), "--goal", "three", "--id", "a", "--quiet");
  expect(await run("verify-log", "a")).toMatchObject({ code: 0, out: expect.stringContaining("clean") });
  const database = new DatabaseSync(join(directory, "store.db"));
  database.exec("UPDATE journal SET event = replace(event, 'try 1', 'try 9')");
  database.close();
  const { code, out } = await run("verify-log", "a");
  expect(code).toBe(1);
  expect(out).toContain("damaged at row 3");
});
