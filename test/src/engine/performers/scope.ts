import { scriptedAgent } from "../../../../src/agents/index.ts";
import { systemClock } from "../../../../src/base/system-clock.ts";
import type { RunScope } from "../../../../src/engine/performers/run-scope.ts";
import type { PerformContext } from "../../../../src/host/run.ts";
import type { ProcessRunner } from "../../../../src/ports/process.ts";
import type { WorkspaceSession } from "../../../../src/ports/workspace.ts";
import { openMemoryStore } from "../../../../src/store/index.ts";
import { type LoopParts, loopOf } from "../stage.ts";

const nobody: ProcessRunner = {
  run: () => Promise.reject(new Error("no process runs here")),
  sandbox: async () => ({ available: false, reason: "none", fix: "none" }),
};

/** What performers of one run work with, made of a contract's parts. */
export const scopeOf = (parts: LoopParts = {}, more: Partial<RunScope> = {}): RunScope => ({
  runId: "run",
  goal: "perform",
  directory: "/project",
  contract: loopOf({ agent: scriptedAgent({ turns: [] }), ...parts }),
  session: null,
  processes: nobody,
  store: openMemoryStore(),
  clock: systemClock,
  isGenuine: () => true,
  ...more,
});

/** A call that nobody gives up, unless the test does. */
export const call = (
  signal: AbortSignal = new AbortController().signal,
): PerformContext & { heard: string[] } => {
  const heard: string[] = [];
  return { runId: "run", signal, onOutput: (source, text) => void heard.push(`${source}: ${text}`), heard };
};

/** A workspace that is nothing but the name of its present tree. */
export function treeSession(tree = "T0"): WorkspaceSession & { tree: string; restored: string[] } {
  const session = {
    path: "/workspace",
    base: { tree: "T0", commit: null },
    tree,
    restored: [] as string[],
    snapshot: async () => session.tree,
    restore: async (to: string) => {
      session.restored.push(to);
      session.tree = to;
    },
    git: null,
    close: async () => {},
  };
  return session as never;
}

/** Everything odd that may be thrown. */
export const oddities: [string, unknown][] = [
  ["a string", "boom"],
  ["undefined", undefined],
  ["null", null],
  ["a number", 7],
  ["an object without a text", Object.create(null)],
  ["an error whose message is no text", Object.assign(new Error(), { message: { deep: true } })],
  ["half a character", "\ud83d"],
];
