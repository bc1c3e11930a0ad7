import { z } from "zod";
import type { Agent, TurnReply } from "../../../src/ports/agent.ts";
import type { AttemptOutcome, Tool } from "../../../src/ports/tool.ts";
import type { Verifier } from "../../../src/ports/verifier.ts";

/** Milliseconds that each turn and each check takes, so that a run can be met while it moves. */
const delayMs = Number(process.env.DELAY_MS ?? 0);
const pause = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** An agent that says what it is told to, step by step. */
export const agentOf = (turn: (step: number) => TurnReply): Agent => ({
  name: "counter",
  containment: "sandbox",
  maxPerTurn: { tokens: 100, costMicroUsd: 1_000 },
  async act({ step }, { onOutput, signal }) {
    onOutput(`thinking about ${step}\n`);
    await pause(signal);
    return { usage: { tokens: 80, costMicroUsd: 900 }, ...turn(step) };
  },
});

/** Puts a number at each step and claims to be done at the third. Its last note is hostile. */
export const counter = agentOf((step) => {
  const actions = [{ tool: "put", input: { n: step } }];
  return step < 3
    ? { actions, note: `try ${step}` }
    : { actions, claim: "done", note: "that was \u001b[31mthree\u001b[0m\u202e" };
});

/** Puts a number into nothing; `execute` says how that ends. */
export const putOf = (
  execute: (n: number) => AttemptOutcome,
  repeat: Tool["repeat"] = "safe",
): Tool<{ n: number }> => ({
  name: "put",
  description: "puts a number",
  input: z.object({ n: z.number() }),
  effect: "write",
  sensitivity: [],
  repeat,
  settlesWithinMs: 0,
  burnsKey: false,
  timeoutMs: 5_000,
  execute: async ({ n }) => execute(n),
});

export const put = putOf((n) => ({ outcome: "applied", result: { put: n } }));

/** Passes at the given step; until then it reports how many steps are missing. */
export const passesAt = (least: number): Verifier<"check"> => ({
  kind: "check",
  name: "steps",
  containment: "sandbox",
  async verify({ step }, { signal }) {
    await pause(signal);
    const missing = Math.max(0, least - step);
    return {
      verifier: "steps",
      verdict: missing === 0 ? "passed" : "failed",
      summary: missing === 0 ? `all ${least} steps` : `${missing} of ${least} steps missing`,
      fingerprint: `missing ${missing}`,
      durationMs: 12,
      counts: { passed: least - missing, failed: missing, skipped: 0, total: least },
      metrics: { missing },
      output: `looked at step ${step}`,
    };
  },
});
