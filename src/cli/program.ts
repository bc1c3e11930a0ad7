import { Command, CommanderError } from "commander";
import { isLoopwrightError } from "../base/errors.ts";
import { visible } from "../base/text.ts";
import { version } from "../base/version.ts";
import type { AddCommand } from "./command.ts";
import { addAbort } from "./commands/abort.ts";
import { addCheck } from "./commands/check.ts";
import { addGraph } from "./commands/graph.ts";
import { addInit } from "./commands/init.ts";
import { addList } from "./commands/list.ts";
import { addResume } from "./commands/resume.ts";
import { addRun } from "./commands/run.ts";
import { addShow } from "./commands/show.ts";
import { addStatus } from "./commands/status.ts";
import { addVerifyLog } from "./commands/verify-log.ts";
import type { Environment } from "./environment.ts";
import { exitCodeHelp, exitCodes, exitOfError } from "./exit-codes.ts";
import { errorLines, errorRecord } from "./render/error.ts";
import { jsonLine } from "./render/text.ts";

const commands: readonly AddCommand[] = [
  addInit,
  addCheck,
  addRun,
  addResume,
  addStatus,
  addList,
  addShow,
  addAbort,
  addVerifyLog,
  addGraph,
];

const footer = (): string => `
Exit codes:
${exitCodeHelp()}

Environment: LOOPWRIGHT_STORE (the store's file), NO_COLOR, LOOPWRIGHT_DEBUG=1 (stacks of internal errors).`;

/** The command line as commander knows it. Its usage errors are thrown, never printed by itself. */
function programOf(environment: Environment, finish: (code: number) => void): Command {
  const { out, err } = environment;
  const program = new Command("loopwright")
    .description("Runs an unattended agent loop under a contract: continue, verify, retry, escalate.")
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      getOutHelpWidth: () => out.columns(),
      getErrHelpWidth: () => err.columns(),
      outputError: () => {},
    })
    .addHelpText("afterAll", footer());
  for (const add of commands) add(program, environment, finish);
  return program;
}

/** Commander's own words about wrong usage, in our form; help and version are no errors. */
function usageLines({ message }: CommanderError, environment: Environment): string[] {
  const [first = "", ...suggestions] = visible(message)
    .replace(/^error: /, "")
    .split("\n");
  const fix =
    suggestions.join(" ").replace(/^\((.*)\)$/, "$1") ||
    "see loopwright --help, or loopwright COMMAND --help";
  return [`${environment.color.red("error:")} ${first}`, `  fix: ${fix}`];
}

function report(error: unknown, environment: Environment, asJson: boolean): number {
  const { err, out, color } = environment;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.succeeded.code;
    if (error.code !== "commander.help") err.write(`${usageLines(error, environment).join("\n")}\n`);
    return exitCodes.usage.code;
  }
  if (asJson) out.write(jsonLine(errorRecord(error)));
  err.write(`${errorLines(error, { color, debug: environment.debug }).join("\n")}\n`);
  return isLoopwrightError(error) ? exitOfError(error.code) : exitCodes.internal.code;
}

/** Runs one command line; never throws. Returns the exit code. */
export async function runProgram(words: readonly string[], environment: Environment): Promise<number> {
  let exitCode: number = exitCodes.succeeded.code;
  const program = programOf(environment, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, environment, words.includes("--json"));
  }
}
