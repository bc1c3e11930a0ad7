import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll } from "vitest";
import type { Agent, Feedback, TurnReply, TurnRequest } from "../../../src/ports/agent.ts";
import type { Json } from "../../../src/ports/json.ts";
import { openProcesses } from "../../../src/process/index.ts";
import { explain } from "../../../src/verifiers/reports/explain.ts";
import { readTap } from "../../../src/verifiers/reports/tap.ts";

export const project = resolve(import.meta.dirname, "../../../examples/repair/project");

/** The command of the check; also what the agent localises with. */
export const suite = ["node", "--test", "--experimental-test-isolation=none", "--test-reporter=tap"] as const;

export const testEnv = { PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}` };

/** Milliseconds for one run of a suite that takes a fifth of a second when nothing else runs. */
const suiteTimeoutMs = 15_000;

const registry = await mkdtemp(join(tmpdir(), "repair-hosts-"));
export const processes = openProcesses({ registryDirectory: registry });

afterAll(async () => {
  await processes.close();
  await rm(registry, { recursive: true, force: true });
});

export type SuiteResult = { failing: number | null; text: string };

/** Runs the suite: how many tests fail (`null` if that was not told), and what the verifier would say of them. */
export async function runSuite(directory: string): Promise<SuiteResult> {
  const { stdout, ended } = await processes.run({
    command: suite,
    cwd: directory,
    env: testEnv,
    timeoutMs: suiteTimeoutMs,
  });
  const cases = ended === "exited" ? readTap(stdout, () => false) : null;
  if (cases === null) return { failing: null, text: `the suite ${ended}` };
  const failed = cases.filter(({ outcome }) => outcome === "failed");
  return {
    failing: failed.length,
    text: explain({ problems: [`${failed.length} tests failed`], failed, output: "" }),
  };
}

export const act = (
  agent: Agent,
  request: TurnRequest,
  signal = new AbortController().signal,
): Promise<TurnReply> => agent.act(request, { signal, processes, onOutput: () => {} });

export const requestFor = (directory: string, more: Partial<TurnRequest> = {}): TurnRequest => ({
  runId: "run",
  goal: "make the suite pass",
  step: 1,
  remaining: {
    steps: 500,
    activeMs: 1e7,
    deadlineMs: 1e7,
    tokens: 0,
    costMicroUsd: 0,
    actionsPerTurn: 1,
    effects: 1,
  },
  feedback: [],
  tools: [],
  directory,
  memory: null,
  ...more,
});

export type Turn = { step: number; note: string; failing: number | null; better: boolean };
export type Played = { green: boolean; turns: Turn[]; memoryBytes: number };

/** Plays the loop: a turn, the suite, and back to the best tree unless fewer tests fail; until green, stuck or out of turns. */
export async function playLoop(directory: string, agent: Agent, turnsMax: number): Promise<Played> {
  const saved = await mkdtemp(join(tmpdir(), "repair-best-"));
  await replaceTree(directory, saved);
  let best = (await runSuite(directory)).failing ?? Number.POSITIVE_INFINITY;
  let memory: Json = null;
  let feedback: Feedback[] = [];
  const turns: Turn[] = [];
  for (let step = 1; step <= turnsMax && best > 0; step += 1) {
    const reply = await act(agent, requestFor(directory, { step, memory, feedback }));
    if (reply.claim === "stuck") break;
    memory = reply.memory ?? null;
    const { failing, text } = await runSuite(directory);
    const better = failing !== null && failing < best;
    turns.push({ step, note: reply.note ?? "", failing, better });
    feedback = [{ kind: "verificationFailed", text, score: failing }];
    if (better) best = failing;
    await (better ? replaceTree(directory, saved) : replaceTree(saved, directory));
  }
  await rm(saved, { recursive: true, force: true });
  return { green: best === 0, turns, memoryBytes: JSON.stringify(memory).length };
}

async function replaceTree(from: string, to: string): Promise<void> {
  for (const name of await readdir(to)) await rm(join(to, name), { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}

/** A directory with these files, by name. */
export async function makeProject(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "repair-project-"));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)));
  return directory;
}

export type Change = { file: string; from: string; to: string };

/** A copy of the example's project, changed by replacements of texts that occur exactly once. */
export async function copyProject(changes: readonly Change[] = []): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "repair-project-"));
  await cp(project, directory, { recursive: true });
  for (const { file, from, to } of changes) {
    const text = await readFile(join(directory, file), "utf8");
    if (text.split(from).length !== 2) throw new Error(`not exactly once in ${file}: ${from}`);
    await writeFile(
      join(directory, file),
      text.replace(from, () => to),
    );
  }
  return directory;
}

/** The texts of all files of a folder, by name. */
export async function readFolder(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort();
  const texts = names.map(async (name) => [name, await readFile(join(directory, name), "utf8")] as const);
  return Object.fromEntries(await Promise.all(texts));
}
