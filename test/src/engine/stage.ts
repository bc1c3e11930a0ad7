import { onTestFinished } from "vitest";
import { z } from "zod";
import { type ScriptedTurn, scriptedAgent } from "../../../src/agents/index.ts";
import { defineLoop, type LoopContract } from "../../../src/contract/index.ts";
import { type EngineOptions, openEngine } from "../../../src/engine/engine.ts";
import type { Engine, RunEvent } from "../../../src/engine/types.ts";
import type { Agent } from "../../../src/ports/agent.ts";
import type { Store } from "../../../src/ports/store.ts";
import type { AnyTool } from "../../../src/ports/tool.ts";
import type {
  Evidence,
  Verdict,
  Verifier,
  VerifyContext,
  VerifyRequest,
} from "../../../src/ports/verifier.ts";
import { openMemoryStore, openSqliteStore } from "../../../src/store/index.ts";
import { defineTool } from "../../../src/tools/index.ts";
import { tempDirectory } from "../../helpers/temp.ts";

// Engines over real stores, and small contracts whose agent, verifiers and tools are scripts.

/** Both stores, each with what opens a fresh one for the running test; several engines may share it. */
export const stores: [name: string, open: () => Store][] = [
  ["memory", () => openMemoryStore()],
  ["sqlite", () => openSqliteStore({ file: `${tempDirectory("store")}/store.db` })],
].map(([name, open]) => [name as string, () => shared((open as () => Store)())]);

/** A store that no engine closes; the test does, in the end. */
function shared(store: Store): Store {
  onTestFinished(() => store.close());
  return { ...store, close: () => {} };
}

/** An engine that is closed when the test ends; by default over a memory store. */
export async function stageEngine(options: EngineOptions = {}): Promise<Engine> {
  const engine = await openEngine({
    store: openMemoryStore(),
    stateDirectory: tempDirectory("state"),
    ...options,
  });
  onTestFinished(() => engine.close());
  return engine;
}

export const evidence = (verdict: Verdict, more: Partial<Evidence> = {}): Evidence => ({
  verifier: "scripted",
  verdict,
  summary: `it ${verdict}`,
  fingerprint: verdict,
  durationMs: 0,
  ...more,
});

type Check = (request: VerifyRequest, context: VerifyContext) => unknown;

/** A check that answers what the script says; by default it passes. */
export const scriptedCheck = (check: Check = () => evidence("passed"), more: Partial<Verifier> = {}) =>
  ({
    kind: "check",
    name: "scripted",
    containment: "workspace",
    verify: async (request: VerifyRequest, context: VerifyContext) => check(request, context),
    ...more,
  }) as Verifier<"check">;

/** A write that notes what it was sent. */
export const sender = (sent: string[], more: Partial<AnyTool> = {}): AnyTool => ({
  ...defineTool({
    name: "send",
    description: "Sends a text.",
    input: z.strictObject({ text: z.string() }),
    effect: "write",
    repeat: "never",
    execute: async ({ text }) => {
      sent.push(text);
      return { sent: text };
    },
  }),
  ...more,
});

/** An action of that tool. */
export const sending = (text: string) => ({ tool: "send", input: { text } });

export type LoopParts = {
  turns?: readonly ScriptedTurn[];
  agent?: Agent;
  tools?: readonly AnyTool[];
  proposal?: readonly Verifier<"check">[];
  goal?: readonly Verifier<"check">[];
} & Partial<
  Pick<Parameters<typeof defineLoop>[0], "continue" | "retry" | "escalate" | "turnTimeoutMs" | "workspace">
> & {
    maxAgeMs?: number;
    verifyTimeoutMs?: number;
  };

/** A contract made of these parts; what is left out passes, and every tool is allowed. */
export function loopOf(parts: LoopParts = {}): LoopContract {
  const {
    turns = [{ claim: "done" }],
    tools = [],
    proposal,
    goal,
    maxAgeMs,
    verifyTimeoutMs,
    agent,
    ...answers
  } = parts;
  const passing = [scriptedCheck()] as const;
  return defineLoop({
    name: "staged",
    agent: agent ?? scriptedAgent({ turns }),
    tools: Object.fromEntries(tools.map((tool) => [tool.name, tool])),
    continue: { limits: { steps: 5 } },
    retry: { backoff: { baseMs: 1, factor: 1, maxMs: 1 } },
    escalate: { policy: [{ answer: "allow" }] },
    ...answers,
    verify: {
      proposal: (proposal ?? passing) as typeof passing,
      goal: (goal ?? passing) as typeof passing,
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
      ...(verifyTimeoutMs === undefined ? {} : { timeoutMs: verifyTimeoutMs }),
    },
  });
}

/** A promise, and what settles it. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** A turn that never comes to an end by itself, and says when it has begun. */
export function endlessTurn(): { turn: ScriptedTurn; begun: Promise<void> } {
  const { promise, open } = gate();
  return {
    begun: promise,
    turn: () => {
      open();
      return new Promise(() => {});
    },
  };
}

type Journaled = Extract<RunEvent, { kind: "journal" }>;

/** All journal rows that an iterable yields, until it ends. */
export async function journaled(events: AsyncIterable<RunEvent>): Promise<Journaled[]> {
  const rows: Journaled[] = [];
  for await (const event of events) if (event.kind === "journal") rows.push(event);
  return rows;
}

/** What a promise rejects with. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error(`it did not reject: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
