import { z } from "zod";
import type { LoopAnswers } from "../../src/contract/index.ts";
import type { Agent } from "../../src/ports/agent.ts";
import type { Tool } from "../../src/ports/tool.ts";
import type { Verifier } from "../../src/ports/verifier.ts";
import type { Workspace } from "../../src/ports/workspace.ts";

/** The smallest parts that a contract can be made of. None of them is ever called. */

const never = () => Promise.reject(new Error("a contract calls nothing"));

export const agent: Agent = { name: "nobody", containment: "sandbox", act: never };

export const workspace: Workspace = { kind: "nowhere", open: never };

export const toolNamed = (name: string): Tool<{ n: number }> => ({
  name,
  description: "puts a number",
  input: z.object({ n: z.number() }),
  effect: "write",
  sensitivity: [],
  repeat: "safe",
  settlesWithinMs: 0,
  burnsKey: false,
  timeoutMs: 5_000,
  execute: never,
});

export const verifierOf = <Kind extends Verifier["kind"]>(kind: Kind): Verifier<Kind> => ({
  kind,
  name: `a ${kind}`,
  containment: "sandbox",
  verify: never,
});

const check = verifierOf("check");

/** Answers that make a contract as they are. */
export const answers = {
  name: "loop",
  agent,
  workspace,
  tools: { put: toolNamed("put") },
  continue: {},
  verify: { proposal: [check], goal: [check] },
  retry: {},
  escalate: {},
} as const satisfies LoopAnswers<{ put: Tool<{ n: number }> }>;
