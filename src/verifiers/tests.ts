import { z } from "zod";
import type { Evidence, Verifier, VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import { ended } from "./command.ts";
import { type BaseCount, type CountedRun, countBase, countTests } from "./counting.ts";
import { evidence } from "./evidence.ts";
import { endingOf, outputOf, type Started, traceOf } from "./execution.ts";
import { failingUnknown, overheadMs } from "./limits.ts";
import { commandFields, InsidePath, Name, parseOptions } from "./options.ts";
import { stableLines } from "./output.ts";
import { explain } from "./reports/explain.ts";
import { type Tally, type TestCase, tallyOf } from "./reports/report.ts";

export const TestsOptions = z.strictObject({
  name: Name.default("tests"),
  ...commandFields,
  /** What the command prints or writes; default `auto`. `node-json` is what `nodeReporter` prints. */
  format: z.enum(["tap", "junit", "vitest", "node-json", "auto"]).default("auto"),
  /** The report file, relative to the checkout; default: stdout, and for `vitest` its own default file. */
  report: InsidePath.optional(),
  /** The fewest tests that must run; default 1. Fewer than on the base is a failure in any case. */
  min: z.int().min(1).default(1),
});
export type TestsOptions = z.input<typeof TestsOptions>;
type Parsed = z.output<typeof TestsOptions>;

/**
 * A check that runs the tests in a clean checkout and counts them. It fails when none ran, when fewer ran than on the
 * base (a skipped test did not run), when one failed, and when counts and exit code contradict each other.
 * Metrics: `failing` (with the missing ones), `passed`, `total`.
 */
export function tests(options: TestsOptions): Verifier<"check"> {
  const parsed = parseOptions("tests", TestsOptions, options);
  return {
    kind: "check",
    name: parsed.name,
    containment: parsed.containment,
    timeoutMs: 2 * parsed.timeoutMs + overheadMs,
    verify: (request, context) => verify(parsed, request, context),
  };
}

async function verify(options: Parsed, request: VerifyRequest, context: VerifyContext): Promise<Evidence> {
  const counted = await countTests(options, context);
  const ending = endingOf(counted.execution, options);
  if (ending?.verdict === "unverifiable") return ended(options.name, ending, counted.execution);
  const base = await countBase(options, request, context);
  const problems =
    ending === null ? problemsOf(options, counted, base) : [{ kind: ending.kind, text: ending.summary }];
  const tally = tallyOf(counted.cases ?? []);
  const { run: _run, ...counts } = tally;
  const { durationMs, ...trace } = traceOf(counted.execution);
  return evidence(
    {
      verifier: options.name,
      verdict: problems.length === 0 ? "passed" : "failed",
      summary:
        problems.length === 0 ? passedSummary(tally, base) : problems.map(({ text }) => text).join("; "),
      because: { kinds: problems.map(({ kind }) => kind), ...causeOf(counted, problems) },
      durationMs,
    },
    {
      ...trace,
      counts,
      metrics: metricsOf({ tally, base, failed: problems.length > 0, cut: ending !== null }),
      ...(problems.length === 0 ? {} : { output: outputFor(counted, problems) }),
    },
  );
}

type Problem = { kind: string; text: string };

function problemsOf(options: Parsed, { execution, cases }: CountedRun, base: BaseCount): Problem[] {
  const { result } = execution as Started;
  const tally = tallyOf(cases ?? []);
  const problem = (kind: string, holds: boolean, text: string): Problem[] => (holds ? [{ kind, text }] : []);
  const unreadable = cases === null && (result.exitCode === 0 || result.dropped > 0);
  return [
    ...problem("failing", tally.failed > 0, `${tally.failed} of ${tally.total} tests failed`),
    ...problem("unreadable", unreadable, unreadableText(options, result.dropped)),
    ...problem("noTests", tally.run === 0, "no test ran"),
    ...problem(
      "tooFew",
      tally.run > 0 && tally.run < options.min,
      `${tally.run} tests ran, at least ${options.min} must`,
    ),
    ...problem(
      "fewerThanBase",
      tally.run < (base?.run ?? 0),
      `${tally.run} tests ran, on the base ${base?.run}`,
    ),
    ...problem("contradiction", result.exitCode === 0 && tally.failed > 0, "yet the exit code is 0"),
    ...problem(
      "contradiction",
      result.exitCode !== 0 && tally.failed === 0,
      `exit code ${result.exitCode} though no test failed`,
    ),
  ];
}

const unreadableText = ({ format, report }: Parsed, dropped: number): string =>
  dropped > 0
    ? "the output is too long to be counted"
    : `no report can be read as ${format} from ${report ?? "stdout"}: check \`format\`, \`report\` and the command`;

const passedSummary = ({ passed, total }: Tally, base: BaseCount): string =>
  `${passed} of ${total} tests passed, ${base === null ? "the base could not be counted" : `${base.run} ran on the base`}`;

// Without a failing test the output is all that tells one failure from another.
function causeOf(
  { execution, cases }: CountedRun,
  problems: readonly Problem[],
): { failing: string[]; lines: string[] } {
  const failing = [...new Set((cases ?? []).filter(isFailed).map(({ name }) => name))].sort();
  const silent =
    problems.some(({ kind }) => kind === "contradiction" || kind === "noTests") && failing.length === 0;
  return { failing, lines: silent ? stableLines(outputOf(execution)) : [] };
}

const isFailed = ({ outcome }: TestCase): boolean => outcome === "failed";

function outputFor(counted: CountedRun, problems: readonly Problem[]): string {
  const failed = (counted.cases ?? []).filter(isFailed);
  return explain({ problems: problems.map(({ text }) => text), failed, output: outputOf(counted.execution) });
}

type Measured = {
  tally: Tally;
  base: BaseCount;
  failed: boolean /** Killed before it was through. */;
  cut: boolean;
};

/** A suite that does not get through is as bad as one in which everything fails: nothing that hides tests is progress. */
function metricsOf({ tally, base, failed, cut }: Measured): Record<string, number> {
  const worst = base === null ? failingUnknown : Math.max(base.total, tally.total);
  const missing = Math.max(0, (base?.run ?? 0) - tally.run);
  const failing = cut || tally.run === 0 ? worst : Math.max(tally.failed + missing, failed ? 1 : 0);
  return { failing, passed: tally.passed, total: tally.total };
}
