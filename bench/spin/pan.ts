import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LoopwrightError } from "../../src/base/errors.ts";

/** What Spin says of a model. */
export type Searched = {
  /** Names of the assertions that some run violates. */
  violated: readonly string[];
  errors: number;
  /** The transitions of the chart that some run takes, by their texts. */
  taken: readonly string[];
  states: number;
  transitions: number;
  /** Nothing was left to search, and nothing was searched by hash alone. */
  complete: boolean;
  seconds: number;
};

const needed = [
  ["spin", "-V"],
  ["gcc", "--version"],
] as const;

/** What is missing to run Spin, as a sentence that says how to install it; `null`: nothing. */
export function whatIsMissing(): string | null {
  const missing = needed
    .filter(([name, flag]) => spawnSync(name, [flag]).error !== undefined)
    .map(([name]) => name);
  if (missing.length === 0) return null;
  const are = missing.length === 1 ? "is" : "are";
  return `${missing.join(" and ")} ${are} not installed: apt-get install -y ${missing.join(" ")}`;
}

const depthMax = 100_000;

/** How the search is compiled: exhaustive, states stored whole and compressed without loss. */
export const panFlags = ["-O2", "-DSAFETY", "-DCOLLAPSE", "-DMEMLIM=4096"] as const;

function run(name: string, args: readonly string[], folder: string): void {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd: folder, encoding: "utf8" });
  if (status === 0) return;
  throw new LoopwrightError({
    code: "internal",
    message: `${name} failed:\n${stdout}${stderr}`,
    fix: "see the model",
  });
}

const numberIn = (lines: readonly string[], pattern: RegExp): number => {
  const found = lines.map((line) => pattern.exec(line)?.[1]).find((text) => text !== undefined);
  if (found === undefined) throw new Error(`pan did not say ${pattern}`);
  return Number(found);
};

/** Compiles a model and searches all of it; every violation is counted, none ends the search. */
export async function search(model: string): Promise<Searched> {
  const folder = mkdtempSync(join(tmpdir(), "spin-"));
  try {
    writeFileSync(join(folder, "model.pml"), model);
    run("spin", ["-a", "model.pml"], folder);
    run("gcc", [...panFlags, "-o", "pan", "pan.c"], folder);
    return await runPan(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runPan(folder: string): Promise<Searched> {
  const startedAt = performance.now();
  const pan = spawn("./pan", ["-c0", `-m${depthMax}`, "-b", "-n"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const violated = new Set<string>();
  const rest: string[] = [];
  // Each violation is a line, and there can be a million of them.
  for await (const line of createInterface({ input: pan.stdout })) {
    const name = /^pan:\d+: assertion violated (\w+)/.exec(line)?.[1];
    if (name !== undefined) violated.add(name);
    else rest.push(line);
  }
  const cut = rest.filter((line) => /^pan:\d+: |^error: |out of memory|not completed/.test(line));
  return {
    violated: [...violated],
    taken: rest.flatMap((line) => /^taken: (.*)$/.exec(line)?.[1] ?? []),
    errors: numberIn(rest, /errors: (\d+)/),
    states: numberIn(rest, /^\s*(\d+) states, stored/),
    transitions: numberIn(rest, /^\s*(\d+) transitions/),
    complete: cut.length === 0 && rest.some((line) => line.startsWith("Full statespace search")),
    seconds: (performance.now() - startedAt) / 1000,
  };
}
