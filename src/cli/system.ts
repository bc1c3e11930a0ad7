import { join } from "node:path";
import { confirm, isCancel } from "@clack/prompts";
import pc from "picocolors";
import { stateDirectory } from "../base/paths.ts";
import { loadContract, loadContractModule } from "../contract/index.ts";
import { openEngine } from "../engine/engine.ts";
import type { SandboxReport } from "../ports/process.ts";
import { openProcesses } from "../process/index.ts";
import type { Environment, Output } from "./environment.ts";

/** Size assumed where there is no terminal. */
const columnsDefault = 80;
const rowsDefault = 24;

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader or a terminal that goes away is no fault of ours, and no reason to stop a run.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
  const canDraw = stream.isTTY && process.env.TERM !== "dumb" && process.env.CI === undefined;
  return {
    stream: canDraw ? stream : null,
    columns: () => stream.columns || columnsDefault,
    rows: () => stream.rows || rowsDefault,
    write: (text) => {
      stream.write(text);
    },
  };
}

/** Colors where the output is a terminal that has them; `NO_COLOR` and `FORCE_COLOR` decide first. */
function hasColor(): boolean {
  const { NO_COLOR = "", FORCE_COLOR = "", TERM } = process.env;
  if (NO_COLOR !== "") return false;
  if (FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return process.stdout.isTTY === true && TERM !== "dumb";
}

const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function onInterrupt(callback: () => void): () => void {
  for (const signal of interrupts) process.on(signal, callback);
  return () => {
    for (const signal of interrupts) process.off(signal, callback);
  };
}

async function sandbox(): Promise<SandboxReport> {
  const processes = openProcesses({ registryDirectory: join(stateDirectory(), "hosts") });
  try {
    return await processes.sandbox();
  } finally {
    await processes.close();
  }
}

/** Inside an npm script the command is on the PATH of npm alone. */
function programName({ npm_lifecycle_event: script, npm_package_name: project }: NodeJS.ProcessEnv): string {
  if (script === undefined) return "loopwright";
  return project === "loopwright" ? "npm run loopwright --" : "npx loopwright";
}

/** The real world. */
export function systemEnvironment(): Environment {
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    color: pc.createColors(hasColor()),
    cwd: process.cwd(),
    program: programName(process.env),
    debug: process.env.LOOPWRIGHT_DEBUG === "1",
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    now: () => Date.now(),
    confirm: async (message) => {
      const answer = await confirm({ message, initialValue: false });
      return !isCancel(answer) && answer;
    },
    onInterrupt,
    quit: (code) => process.exit(code),
    openEngine,
    loadContract,
    loadContractModule,
    sandbox,
  };
}
