import { statSync } from "node:fs";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { digestOf } from "../base/digest.ts";
import type { VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import { type CommandSpec, type Execution, execute } from "./execution.ts";
import { reportBytesMax } from "./limits.ts";
import { withoutPath } from "./output.ts";
import { reportFile } from "./reports/file.ts";
import { type ReportFormat, readReport } from "./reports/read.ts";
import { type Tally, type TestCase, tallyOf } from "./reports/report.ts";

/** A test command and where its counts come from. */
export type CountedSpec = CommandSpec & { format: ReportFormat; report?: string | undefined };

/** A run of the test command; `cases` is `null` when it left no report that can be read. */
export type CountedRun = { execution: Execution; cases: TestCase[] | null };

// Where vitest writes its JSON when it is not told otherwise; older versions print it.
const vitestReport = ".vitest/json/output.json";

/** Runs the test command on a tree (default: the one under verification) and reads its report. */
export async function countTests(
  spec: CountedSpec,
  context: VerifyContext,
  tree?: string,
): Promise<CountedRun> {
  const file =
    spec.report ?? (spec.format === "vitest" ? [spec.cwd, vitestReport].filter(Boolean).join("/") : null);
  const execution = await execute(spec, context, {
    outputBytesMax: reportBytesMax,
    ...(file === null ? {} : { report: reportFile(file) }),
    ...(tree === undefined ? {} : { tree }),
  });
  return { execution, cases: casesIn(execution, spec) };
}

function casesIn(execution: Execution, spec: CountedSpec): TestCase[] | null {
  if (!execution.started) return null;
  const { report, result, path, cwd } = execution;
  // Where a report file was asked for, what is printed is anybody's.
  const text = report ?? (spec.report === undefined && result.dropped === 0 ? result.stdout : null);
  if (text === null) return null;
  const cases = readReport(text, spec.format, (name) => isFile(resolve(cwd, name)));
  const clean = (printed: string): string => withoutPath(stripVTControlCharacters(printed), path);
  return cases?.map((item) => ({ ...item, name: clean(item.name), message: clean(item.message) })) ?? null;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const Base = z.object({ run: z.int(), total: z.int() }).nullable();

/**
 * How many tests run on the base, measured once for the run; `null` when the base has none, or cannot be counted
 * because it does not end or leaves no report.
 */
export async function countBase(
  spec: CountedSpec,
  request: VerifyRequest,
  context: VerifyContext,
): Promise<BaseCount> {
  const { base } = request;
  if (base === null) return null;
  const { command, cwd = null, env, format, report = null, protect } = spec;
  const key = `base tests ${digestOf({ base, command, cwd, env, format, report, protect })}`;
  return Base.parse(await context.remember(key, () => measure(spec, context, base)));
}
export type BaseCount = Pick<Tally, "run" | "total"> | null;

async function measure(spec: CountedSpec, context: VerifyContext, base: string): Promise<BaseCount> {
  const { execution, cases } = await countTests(spec, context, base);
  // Half a measurement says nothing about the base, so nothing may be remembered.
  if (execution.started && execution.result.ended === "aborted")
    throw new Error("counting the base was aborted");
  const { run, total } = tallyOf(cases ?? []);
  const through = execution.started && execution.result.ended === "exited";
  return through && run > 0 ? { run, total } : null;
}
