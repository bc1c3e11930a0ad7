import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { run, runSource } from "../../helpers/run.ts";

it("is written as a test that runs as it is, and fails for as long as the promise is broken", async () => {
  // Inside the repository, so that packages are found by their names.
  const directory = mkdtempSync(join("test", "regression-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  copyFileSync("examples/promises/loop.ts", join(directory, "loop.ts"));
  const cli = join(process.cwd(), "src/cli/main.ts");
  const written = await runSource(cli, ["check", "loop.ts", "--format", "vitest"], { cwd: directory });
  expect(written.code).toBe(8);
  writeFileSync(join(directory, "promise.test.ts"), written.stdout);
  const ran = await run(
    "npx",
    ["vitest", "run", "--typecheck.enabled=false", join(directory, "promise.test.ts")],
    { timeoutMs: 50_000 },
  );
  expect(ran.code).toBe(1);
  expect(ran.stdout + ran.stderr).toContain("it happened");
});
