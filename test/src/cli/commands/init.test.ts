import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { template } from "../../../../src/cli/template.ts";
import { openStage } from "../stage.ts";

test("writes the template once, and over a file only with --force", async () => {
  const { run, directory } = openStage();
  const file = join(directory, "deep/loop.ts");
  expect(await run("init", "deep/loop.ts")).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).toBe(template);
  writeFileSync(file, "mine");
  expect(await run("init", "deep/loop.ts")).toMatchObject({ code: 2 });
  expect(readFileSync(file, "utf8")).toBe("mine");
  expect(await run("init", "deep/loop.ts", "--force")).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).toBe(template);
});
