import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import { onTestFinished } from "vitest";
import type { Environment, Output } from "../../../src/cli/environment.ts";
import { runProgram } from "../../../src/cli/program.ts";
import { loadContract, loadContractModule } from "../../../src/contract/index.ts";
import { openEngine } from "../../../src/engine/engine.ts";

/** The contracts of the transcripts, by name. */
export const contract = (name: string): string => join(import.meta.dirname, `../../cli/contracts/${name}.ts`);

export const plain = pc.createColors(false);

export function captured(columns = 100): Output & { text(): string; clear(): void } {
  let text = "";
  return {
    stream: null,
    columns: () => columns,
    rows: () => 24,
    write: (more) => {
      text += more;
    },
    text: () => text,
    clear: () => {
      text = "";
    },
  };
}

/** A place to run commands in this process: captured output, a real engine on a store in a directory of its own. */
export function openStage(changes: Partial<Environment> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "loopwright-stage-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const out = captured();
  const err = captured();
  const environment: Environment = {
    out,
    err,
    color: plain,
    cwd: directory,
    program: "loopwright",
    debug: false,
    interactive: false,
    now: () => Date.now(),
    confirm: async () => false,
    onInterrupt: () => () => {},
    quit: () => {},
    openEngine: ({ store = join(directory, "store.db") }) => openEngine({ store, stateDirectory: directory }),
    loadContract,
    loadContractModule,
    sandbox: async () => ({ available: true }),
    ...changes,
  };
  return {
    directory,
    environment,
    /** Runs one command line; returns its exit code and what it printed. */
    async run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
      out.clear();
      err.clear();
      return { code: await runProgram(words, environment), out: out.text(), err: err.text() };
    },
  };
}
