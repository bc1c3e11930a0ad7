import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, run } from "./run.ts";
import { tempDirectory } from "./temp.ts";

/** One test of a project, as vitest reports it. */
export type Reported = { fullName: string; status: string; failureMessages: string[] };

/** Runs the vitest of this package on a project of its own, and reads what it reports. */
export async function runVitest(root: string): Promise<Ran & { tests: readonly Reported[] }> {
  const file = join(tempDirectory("vitest"), "report.json");
  const vitest = join(process.cwd(), "node_modules/vitest/vitest.mjs");
  const ran = await run(process.execPath, [
    vitest,
    "run",
    `--root=${root}`,
    "--reporter=json",
    `--outputFile=${file}`,
  ]);
  const report = JSON.parse(readFileSync(file, "utf8")) as {
    testResults: { assertionResults: Reported[] }[];
  };
  return { ...ran, tests: report.testResults.flatMap(({ assertionResults }) => assertionResults) };
}
