import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Agent, Feedback, TurnReply, TurnRequest } from "../../../src/ports/agent.ts";
import type { Json } from "../../../src/ports/json.ts";
import { processStandIn } from "./process-stand-in.ts";

/** The command of the example's check; also what the agent localises with. */
export const suite = ["node", "--test", "--experimental-test-isolation=none", "--test-reporter=tap"] as const;

export const testEnv = { PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}` };

export type SuiteResult = { failing: number | null; text: string };

const errorOf = (block: string): string =>
  (/error: (?:\|-\n)?([\s\S]*?)\n {2}code:/.exec(block)?.[1] ?? "").replace(/\s+/g, " ");

/** Runs the suite and reads TAP: how many tests fail (`null` if that was not told), and their names and messages. */
export async function runSuite(directory: string): Promise<SuiteResult> {
  const { stdout, ended } = await processStandIn.run({
    command: suite,
    cwd: directory,
    env: testEnv,
    timeoutMs: 10_000,
  });
  const count = /^# fail (\d+)$/m.exec(stdout)?.[1];
  if (ended !== "exited" || count === undefined) return { failing: null, text: `the suite ${ended}` };
  const blocks = stdout.split(/^(?=ok |not ok )/m).filter((block) => block.startsWith("not ok"));
  const lines = blocks.map(
    (block) => `${block.split("\n")[0]!.replace(/not ok \d+ - /, "")}: ${errorOf(block).slice(0, 160)}`,
  );
  return { failing: Number(count), text: lines.join("\n").slice(0, 4_000) };
}

export const noSignal = new AbortController().signal;

export const act = (agent: Agent, request: TurnRequest, signal: AbortSignal = noSignal): Promise<TurnReply> =>
  agent.act(request, { signal, processes: processStandIn, onOutput: () => {} });

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
export type Played = { green: boolean; stuck: boolean; turns: Turn[]; best: number };

/** Plays the loop: a turn, the suite, and back to the best tree unless fewer tests fail; until green, stuck or out of turns. */
export async function playLoop(directory: string, agent: Agent, turnsMax: number): Promise<Played> {
  const scratch = await mkdtemp(join(tmpdir(), "repair-best-"));
  const save = () => replaceTree(directory, scratch);
  await save();
  let best = (await runSuite(directory)).failing ?? Number.POSITIVE_INFINITY;
  let memory: Json = null;
  let feedback: Feedback[] = [];
  const turns: Turn[] = [];
  let stuck = false;
  try {
    for (let step = 1; step <= turnsMax && best > 0 && !stuck; step += 1) {
      const reply = await act(agent, requestFor(directory, { step, memory, feedback }));
      memory = JSON.parse(JSON.stringify(reply.memory ?? null)) as Json;
      stuck = reply.claim === "stuck";
      if (stuck) break;
      const { failing, text } = await runSuite(directory);
      const better = failing !== null && failing < best;
      turns.push({ step, note: reply.note ?? "", failing, better });
      feedback = [{ kind: "verificationFailed", text, score: failing }];
      if (better) {
        best = failing;
        await save();
      } else await replaceTree(scratch, directory);
    }
    return { green: best === 0, stuck, turns, best };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function replaceTree(from: string, to: string): Promise<void> {
  for (const name of await readdir(to)) await rm(join(to, name), { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}

/** A copy of the project in a temporary directory, changed by replacements of texts that occur exactly once. */
export async function copyProject(project: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "repair-project-"));
  await mkdir(directory, { recursive: true });
  await cp(project, directory, { recursive: true });
  return directory;
}

export const readAll = async (directory: string): Promise<Record<string, string>> => {
  const names = (await readdir(directory)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), "utf8")])),
  );
};
