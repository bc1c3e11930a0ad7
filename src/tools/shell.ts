import { z } from "zod";
import { bounded, visible } from "../base/text.ts";
import type { Json } from "../ports/json.ts";
import type { ProcessResult } from "../ports/process.ts";
import type { AttemptOutcome, Tool, ToolContext } from "../ports/tool.ts";
import { defineTool } from "./define-tool.ts";
import { NotApplied } from "./not-applied.ts";

export type ShellOptions = {
  /** Name of the tool; default `shell`. */
  name?: string;
  /** Names of environment variables that are handed on, besides PATH, HOME, LANG and TMPDIR. */
  env?: readonly string[];
  /** Milliseconds that one command may take at most; default 10 minutes. */
  timeoutMs?: number;
};

const timeoutMsDefault = 10 * 60_000;

/** Milliseconds to end a command that takes too long before the attempt itself counts as unknown. */
const endingMs = 15_000;

const hasNoNul = (command: string): boolean => !command.includes("\0");

/**
 * The tool that runs a shell line in the workspace. What a line does is not declared, so it is destructive, irreversible
 * and never repeated: each waits for a person. A command that fails has run; only one that was not started is not applied.
 */
export function shell(options: ShellOptions = {}): Tool<{ command: string; timeoutMs?: number | undefined }> {
  const { name = "shell", env = [], timeoutMs = timeoutMsDefault } = options;
  return defineTool({
    name,
    description: "Runs a command line with sh in the workspace. A person is asked first.",
    input: z.strictObject({
      command: z
        .string()
        .trim()
        .min(1)
        .max(32_768)
        .refine(hasNoNul, "expected no NUL: no process can be given one"),
      timeoutMs: z.int().min(1).max(timeoutMs).optional(),
    }),
    sensitivity: ["irreversible"],
    // Nothing is added to a time that makes no sense, so that it is refused.
    timeoutMs: timeoutMs < 1 ? timeoutMs : timeoutMs + endingMs,
    execute: async (input, context) => {
      const directory = directoryOf(context);
      const result = await context.processes.run({
        command: ["sh", "-c", "--", input.command],
        cwd: directory,
        env: environment(env),
        timeoutMs: input.timeoutMs ?? timeoutMs,
        signal: context.signal,
      });
      return outcomeOf(result);
    },
  });
}

function directoryOf({ workspace }: ToolContext): string {
  if (workspace !== null) return workspace.path;
  throw new NotApplied("there is no workspace to run a command in", { errorClass: "invalidArguments" });
}

const environment = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    ["PATH", "HOME", "LANG", "TMPDIR", ...names].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

function outcomeOf(result: ProcessResult): AttemptOutcome {
  const { ended, stderr } = result;
  if (ended === "exited") return { outcome: "applied", result: reportOf(result) };
  const message = `the command ended by ${ended}: ${bounded(visible(stderr))}`;
  if (ended === "notFound") {
    return { outcome: "notApplied", failure: { errorClass: "notFound", message, retryAfterMs: null } };
  }
  const errorClass = ended === "timedOut" ? "timeout" : ended === "aborted" ? "cancelled" : "internal";
  return { outcome: "unknown", failure: { errorClass, message, retryAfterMs: null } };
}

const reportOf = ({ exitCode, stdout, stderr, dropped }: ProcessResult): Json => ({
  exitCode,
  stdout: bounded(visible(stdout)),
  stderr: bounded(visible(stderr)),
  dropped,
});
