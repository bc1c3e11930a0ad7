import { z } from "zod";
import type { Evidence, Verifier, VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import { ended } from "./command.ts";
import { type BaseCount, type CountedRun, countBase, countTests } from "./counting.ts";
import { evidence } from "./evidence.ts";
import { type Execution, endingOf, outputOf, traceOf } from "./execution.ts";
import { overheadMs } from "./limits.ts";
import { commandFields, InsidePath, Name, parseOptions } from "./options.ts";
import { stableLines } from "./output.ts";
import { metricsOf, type Problem, problemsOf } from "./problems.ts";
import { reportAdvice } from "./reports/advice.ts";
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
 * base (a skipped test did not run), when one failed, and when counts and exit code contradict each other; what leaves no
 * report that can be read, here and on the base, is unverifiable.
 * Metrics: `failing` (with the missing ones), `passed`, `total`. What runs in one process with the tests can forge their
 * report: use a runner that gives files processes of their own, and `protectedPaths`.
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
  const { execution } = counted;
  const ending = endingOf(execution, options);
  if (ending?.verdict === "unverifiable") return ended(options.name, ending, execution);
  const base = await countBase(options, request, context);
  const unreadable = ending === null ? whyUnreadable(options, counted) : null;
  // Where the base leaves no report either it is not the agent who could mend that.
  if (unreadable !== null && base === null) {
    const summary = `the tests cannot be counted: ${unreadable}`;
    return ended(options.name, { verdict: "unverifiable", kind: "unreadable", summary }, execution);
  }
  const tally = tallyOf(counted.cases ?? []);
  const problems =
    ending === null
      ? problemsOf({ exitCode: exitCodeOf(execution), unreadable, tally, base, min: options.min })
      : [{ kind: ending.kind, text: ending.summary }];
  return judged(options.name, { counted, tally, base, problems, cut: ending !== null });
}

const exitCodeOf = (execution: Execution): number | null =>
  execution.started ? execution.result.exitCode : null;

/** Why the report of a run that ended by itself could not be read; `null` when it was, or when none can be expected. */
function whyUnreadable({ format, report }: Parsed, { execution, cases }: CountedRun): string | null {
  if (cases !== null || !execution.started) return null;
  const { dropped, exitCode, stdout } = execution.result;
  if (dropped > 0) return "the output is too long to be counted";
  const advice = reportAdvice(stdout);
  if (advice !== null) return advice;
  // A runner that failed before it could report says so itself.
  if (exitCode !== 0) return null;
  return `no report can be read as ${format} from ${report ?? "stdout"}: check \`format\`, \`report\` and the command`;
}

type Judgement = {
  counted: CountedRun;
  tally: Tally;
  base: BaseCount;
  problems: readonly Problem[];
  cut: boolean;
};

function judged(verifier: string, { counted, tally, base, problems, cut }: Judgement): Evidence {
  const { durationMs, ...trace } = traceOf(counted.execution);
  const { run: _run, ...counts } = tally;
  const failed = problems.length > 0;
  const texts = problems.map(({ text }) => text);
  const because = { kinds: problems.map(({ kind }) => kind), ...(cut || !failed ? {} : causeOf(counted)) };
  const metrics = metricsOf({ tally, base, failed, cut });
  return evidence(
    {
      verifier,
      verdict: failed ? "failed" : "passed",
      summary: failed ? texts.join("; ") : passedSummary(tally, base),
      because,
      durationMs,
    },
    { ...trace, counts, metrics, ...(failed ? { output: outputFor(counted, texts) } : {}) },
  );
}

const passedSummary = ({ passed, total }: Tally, base: BaseCount): string =>
  `${passed} of ${total} tests passed, ${base === null ? "the base could not be counted" : `${base.run} ran on the base`}`;

const failedIn = ({ cases }: CountedRun): TestCase[] =>
  (cases ?? []).filter(({ outcome }) => outcome === "failed");

// Without a failing test, and where nothing ran, the output is all that tells one failure from another.
function causeOf(counted: CountedRun): { failing: string[]; lines: string[] } {
  const failing = [...new Set(failedIn(counted).map(({ name }) => name))].sort();
  return { failing, lines: failing.length === 0 ? stableLines(outputOf(counted.execution)) : [] };
}

const outputFor = (counted: CountedRun, problems: readonly string[]): string =>
  explain({ problems, failed: failedIn(counted), output: outputOf(counted.execution) });
