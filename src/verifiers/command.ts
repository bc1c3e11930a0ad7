import { z } from "zod";
import type { ProcessResult } from "../ports/process.ts";
import type { Evidence, Verifier, VerifyContext } from "../ports/verifier.ts";
import { evidence } from "./evidence.ts";
import {
  type Ending,
  type Execution,
  endingOf,
  execute,
  lineOf,
  outputOf,
  type Started,
  traceOf,
} from "./execution.ts";
import { overheadMs } from "./limits.ts";
import { commandFields, functionOf, Name, parseOptions } from "./options.ts";
import { stableLines } from "./output.ts";

export const CommandOptions = z.strictObject({
  name: Name,
  ...commandFields,
  /** Exit codes that pass; default 0 alone. */
  expect: z.array(z.int().min(0).max(255)).min(1).default([0]),
  /** Reads numbers for progress from what the command printed. */
  metric: functionOf<(result: ProcessResult) => Readonly<Record<string, number>>>().optional(),
});
export type CommandOptions = z.input<typeof CommandOptions>;
type Parsed = z.output<typeof CommandOptions>;

/**
 * A check that runs a command in a clean checkout and passes when its exit code is expected. A command that is not
 * found, or that changes the tree it checks, leaves the matter unverifiable.
 */
export function command(options: CommandOptions): Verifier<"check"> {
  const parsed = parseOptions("command", CommandOptions, options);
  return {
    kind: "check",
    name: parsed.name,
    containment: parsed.containment,
    timeoutMs: parsed.timeoutMs + overheadMs,
    verify: (_request, context) => verify(parsed, context),
  };
}

async function verify(options: Parsed, context: VerifyContext): Promise<Evidence> {
  const execution = await execute(options, context);
  const ending = endingOf(execution, options);
  return ending === null ? exited(options, execution as Started) : ended(options.name, ending, execution);
}

/** Evidence of a command that did not simply exit. */
export function ended(verifier: string, { verdict, kind, summary }: Ending, execution: Execution): Evidence {
  const { durationMs, ...trace } = traceOf(execution);
  return evidence(
    { verifier, verdict, summary, because: kind, durationMs },
    { ...trace, output: [summary, outputOf(execution)].filter(Boolean).join("\n") },
  );
}

function exited(options: Parsed, execution: Started): Evidence {
  const { durationMs, ...trace } = traceOf(execution);
  const { exitCode } = execution.result;
  const passed = options.expect.includes(exitCode ?? -1);
  const output = outputOf(execution);
  return evidence(
    {
      verifier: options.name,
      verdict: passed ? "passed" : "failed",
      summary: `${lineOf(options.command)} ended with exit code ${exitCode}`,
      because: passed ? "passed" : { exitCode, lines: stableLines(output) },
      durationMs,
    },
    { ...trace, output, ...(options.metric ? { metrics: options.metric(execution.result) } : {}) },
  );
}
