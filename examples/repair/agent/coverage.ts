import { copyFile, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { AgentContext, Containment, ProcessResult } from "loopwright";
import { z } from "zod";

const preload = new URL("./preload.mjs", import.meta.url);

const Range = z.tuple([z.number(), z.number(), z.number()]);

/** What one test (or one whole process) executed: V8's ranges per file, `[start, end, count]`, relative to the project. */
export const CoverageRecord = z.object({
  kind: z.enum(["test", "process"]),
  name: z.string(),
  failed: z.boolean(),
  files: z.record(z.string(), z.array(Range)),
});
export type CoverageRecord = z.infer<typeof CoverageRecord>;

export type CoverageRequest = {
  directory: string;
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  containment: Containment;
};

// A test that was killed while it wrote leaves half a line: what cannot be read is left out.
function parseLine(line: string, directory: string): CoverageRecord[] {
  try {
    const { files, ...rest } = CoverageRecord.parse(JSON.parse(line));
    const inside = Object.entries(files).map(([file, ranges]) => [
      relative(directory, file).split(sep).join("/"),
      ranges,
    ]);
    return [{ ...rest, files: Object.fromEntries(inside) }];
  } catch {
    return [];
  }
}

// Sorted by name: which process got which number, and so which file, is chance.
async function readRecords(reports: string, directory: string): Promise<CoverageRecord[]> {
  const names = (await readdir(reports)).filter((name) => name.endsWith(".jsonl"));
  const texts = await Promise.all(names.map((name) => readFile(join(reports, name), "utf8")));
  const records = texts.flatMap((text) => text.split("\n")).flatMap((line) => parseLine(line, directory));
  return records.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Runs the test command once with coverage per test. */
export async function measureCoverage(
  request: CoverageRequest,
  { processes, signal, onOutput }: AgentContext,
): Promise<{ records: CoverageRecord[]; ended: ProcessResult["ended"] }> {
  const directory = await realpath(request.directory);
  const reports = await mkdtemp(join(await realpath(tmpdir()), "repair-coverage-"));
  try {
    // Beside the reports, the preload can be read from inside a sandbox as well.
    const hook = join(reports, "preload.mjs");
    await copyFile(preload, hook);
    const { ended } = await processes.run({
      command: request.command,
      cwd: directory,
      env: {
        ...request.env,
        NODE_OPTIONS: `--import ${pathToFileURL(hook).href}`,
        REPAIR_COVERAGE_DIRECTORY: reports,
        REPAIR_PROJECT: directory,
      },
      timeoutMs: request.timeoutMs,
      signal,
      onOutput,
      containment: request.containment,
      writable: [reports],
    });
    return { records: await readRecords(reports, directory), ended };
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}
