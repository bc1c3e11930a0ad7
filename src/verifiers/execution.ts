import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { z } from "zod";
import type { ProcessResult } from "../ports/process.ts";
import type { Evidence, Verdict, VerifyContext } from "../ports/verifier.ts";
import type { Checkout } from "../ports/workspace.ts";
import { environment } from "./environment.ts";
import { commandFields } from "./options.ts";
import { cleanOutput } from "./output.ts";

const CommandSpec = z.object(commandFields);
/** What to run, as its options say it. */
export type CommandSpec = z.output<typeof CommandSpec>;

/** A command that ran in a clean checkout, or why it could not be started. */
export type Execution =
  | { started: false; reason: string }
  | {
      started: true;
      command: readonly [string, ...string[]];
      /** The checkout and the folder the command ran in, links resolved. */
      path: string;
      cwd: string;
      result: ProcessResult;
      /** The report file's text, when one was asked for and written. */
      report: string | null;
      treeBefore: string;
      treeAfter: string;
    };
export type Started = Extract<Execution, { started: true }>;

/** A file that a command writes for its verifier. */
export type ReportFile = { clear(root: string): Promise<void>; take(root: string): Promise<string | null> };

export type ExecutionOptions = {
  /** Another tree than the one under verification. */
  tree?: string;
  outputBytesMax?: number;
  /** Takes the report out of the checkout, so that it does not count as a change of the tree. */
  report?: ReportFile;
};

/** The command as a person would type it. */
export const lineOf = (command: CommandSpec["command"]): string =>
  typeof command === "string" ? command : command.join(" ");

const argumentsOf = (command: CommandSpec["command"]): readonly [string, ...string[]] =>
  typeof command === "string" ? ["sh", "-c", command] : command;

/** Runs a command in a clean checkout of a tree. Refuses a folder that is missing or leads out of the checkout. */
export async function execute(
  spec: CommandSpec,
  context: VerifyContext,
  options: ExecutionOptions = {},
): Promise<Execution> {
  const checkout = await context.checkout({
    restoreFromBase: spec.protect,
    signal: context.signal,
    ...(options.tree === undefined ? {} : { tree: options.tree }),
  });
  const path = await realpath(checkout.path);
  const cwd = await folderInside(path, spec.cwd ?? ".");
  if (cwd === null) return { started: false, reason: `the tree has no folder ${spec.cwd} of its own` };
  return runThere({ spec, context, options, checkout, path, cwd });
}

type Place = {
  spec: CommandSpec;
  context: VerifyContext;
  options: ExecutionOptions;
  checkout: Checkout;
  path: string;
  cwd: string;
};

async function runThere({ spec, context, options, checkout, path, cwd }: Place): Promise<Started> {
  const command = argumentsOf(spec.command);
  await options.report?.clear(path);
  const treeBefore = await checkout.digest();
  const result = await context.processes.run({
    command,
    cwd,
    env: environment(spec.env),
    timeoutMs: spec.timeoutMs,
    signal: context.signal,
    containment: spec.containment,
    writable: [path],
    readable: checkout.readable,
    onOutput: context.onOutput,
    ...(options.outputBytesMax === undefined ? {} : { outputBytesMax: options.outputBytesMax }),
  });
  const report = (await options.report?.take(path)) ?? null;
  return {
    started: true,
    command,
    path,
    cwd,
    result,
    report,
    treeBefore,
    treeAfter: await checkout.digest(),
  };
}

// A link in the tree could lead to tests that somebody prepared elsewhere.
async function folderInside(root: string, folder: string): Promise<string | null> {
  const path = await realpath(join(root, folder)).catch(() => null);
  if (path === null || !(path === root || path.startsWith(root + sep))) return null;
  return (await stat(path)).isDirectory() ? path : null;
}

/** What a run has shown even before its exit code is read. */
export type Ending = { verdict: Exclude<Verdict, "passed">; kind: string; summary: string };

/** Says what a command's end means when it did not simply exit; `null` when its exit code decides. */
export function endingOf(execution: Execution, spec: CommandSpec): Ending | null {
  if (!execution.started) return { verdict: "failed", kind: "noFolder", summary: execution.reason };
  const { result, command } = execution;
  const line = lineOf(spec.command);
  if (result.ended === "aborted")
    return { verdict: "unverifiable", kind: "aborted", summary: `${line} was aborted` };
  if (isNotFound(spec, result))
    return { verdict: "unverifiable", kind: "notFound", summary: notFound(spec, command[0]) };
  if (result.ended === "timedOut") {
    return {
      verdict: spec.onTimeout,
      kind: "timeout",
      summary: `${line} did not end within ${spec.timeoutMs} ms`,
    };
  }
  if (result.ended === "signalled") {
    return {
      verdict: "failed",
      kind: `signal ${result.signal}`,
      summary: `${line} was killed by ${result.signal}`,
    };
  }
  return execution.treeBefore === execution.treeAfter ? null : changedItsInput(line);
}

const changedItsInput = (line: string): Ending => ({
  verdict: "unverifiable",
  kind: "treeChanged",
  summary: `void: ${line} changed the tree it was checking; let it write outside the checkout or into ignored files`,
});

// 126 and 127 are how a POSIX shell says that it could not start the program.
const isNotFound = (spec: CommandSpec, result: ProcessResult): boolean =>
  result.ended === "notFound" ||
  (typeof spec.command === "string" && [126, 127].includes(result.exitCode ?? 0));

const notFound = (spec: CommandSpec, program: string): string =>
  typeof spec.command === "string"
    ? `the shell could not start a program of: ${spec.command}; install it or correct the command`
    : `the command ${program} was not found or may not be executed; install it, put it on the PATH or correct the command`;

/** The part of the evidence that every run of a command leaves. */
export function traceOf(execution: Execution): Partial<Evidence> & { durationMs: number } {
  if (!execution.started) return { durationMs: 0 };
  const { command, result, treeBefore, treeAfter } = execution;
  return {
    command,
    exitCode: result.exitCode,
    durationMs: Math.round(result.durationMs),
    sandboxed: result.sandboxed,
    treeBefore,
    treeAfter,
  };
}

export const outputOf = (execution: Execution): string =>
  execution.started ? cleanOutput(execution.result, execution.path) : "";
