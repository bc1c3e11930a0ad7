import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { scriptedAgent } from "../../../src/agents/index.ts";
import { defineLoop, type LoopContract } from "../../../src/contract/index.ts";
import { openEngine } from "../../../src/engine/engine.ts";
import type { Store } from "../../../src/ports/store.ts";
import type { RepeatSafety } from "../../../src/ports/tool.ts";
import type { Verifier } from "../../../src/ports/verifier.ts";
import { openSqliteStore } from "../../../src/store/index.ts";
import { defineTool } from "../../../src/tools/index.ts";

// A run whose process kills itself at a named point. The loop is the same in the process that goes on; there no point is
// given, so nothing kills it. Started as a program it runs the loop once: `node crashing.ts DIRECTORY REPEAT POINT`.

export type CrashPoint = string;

const kill = (): never => {
  process.kill(process.pid, "SIGKILL");
  // The signal is on its way; nothing after this may happen.
  for (;;);
};

export const linesFile = (directory: string): string => `${directory}/lines`;
export const storeFile = (directory: string): string => `${directory}/store.db`;

type At = (point: CrashPoint) => void;
const nowhere: At = () => {};

/** Appends its key to a file; told by the key whether it did. */
const appender = (directory: string, repeat: RepeatSafety, at: At, has: (key: string) => boolean) =>
  defineTool({
    name: "append",
    description: "Appends a line.",
    input: z.strictObject({ line: z.string() }),
    effect: "write",
    repeat,
    settlesWithinMs: 0,
    execute: async ({ line }, { key, attempt }) => {
      at("tool:before");
      appendFileSync(linesFile(directory), `${key} ${attempt} ${line}\n`);
      at("tool:after");
      return { line };
    },
    ...(repeat === "reconcile"
      ? {
          reconcile: async (_input: unknown, { key }: { key: string }) =>
            has(key) ? { found: "applied" as const, result: "found" } : { found: "absent" as const },
        }
      : {}),
  });

const check = (name: string, at: At): Verifier<"check"> => ({
  kind: "check",
  name,
  containment: "workspace",
  verify: async () => {
    at(`verifier:${name}`);
    return { verifier: name, verdict: "passed", summary: "fine", fingerprint: "fine", durationMs: 0 };
  },
});

type CrashOptions = { directory: string; repeat: RepeatSafety; at?: At; has?: (key: string) => boolean };

/** One line appended, then done. */
export const crashingLoop = ({
  directory,
  repeat,
  at = nowhere,
  has = () => false,
}: CrashOptions): LoopContract =>
  defineLoop({
    name: "crashing",
    agent: scriptedAgent({
      turns: [],
      onExhausted: ({ step, feedback }) => {
        at(`agent:${step}`);
        const applied = feedback.some(({ kind }) => kind === "applied" || kind === "alreadyApplied");
        if (applied || step > 1) return { claim: "done" };
        return { actions: [{ tool: "append", input: { line: "hello" } }] };
      },
    }),
    tools: { append: appender(directory, repeat, at, has) },
    continue: { limits: { steps: 5 } },
    verify: { proposal: [check("proposal", at)], goal: [check("goal", at)] },
    retry: { backoff: { baseMs: 1, factor: 1, maxMs: 1 } },
    escalate: { policy: [{ answer: "allow" }] },
  });

/** The store, with a crash before and after each commit. */
function crashingStore(store: Store, at: At): Store {
  let commits = 0;
  return {
    ...store,
    commit(batch, options) {
      commits += 1;
      at(`commit:${commits}:before`);
      const results = store.commit(batch, options);
      at(`commit:${commits}:after`);
      return results;
    },
  };
}

async function main([directory, repeat, point]: string[]): Promise<void> {
  const at: At = (reached) => {
    if (reached === point) kill();
    if (point === "list") process.stdout.write(`${reached}\n`);
  };
  const store = crashingStore(openSqliteStore({ file: storeFile(directory!) }), at);
  const engine = await openEngine({ store, stateDirectory: `${directory}/state` });
  const loop = crashingLoop({ directory: directory!, repeat: repeat as RepeatSafety, at });
  const held = point === "hold" ? holding(loop) : loop;
  const run = await engine.start(held, { goal: "append a line", id: "run" });
  if (point === "hold") process.stdout.write("held\n");
  await run.outcome;
  await engine.close();
}

/** The same contract with an agent that never comes to an end. */
const holding = (loop: LoopContract): LoopContract => ({
  ...loop,
  agent: { ...loop.agent, act: () => sleep(600_000, {}) },
});

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
