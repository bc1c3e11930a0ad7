import { z } from "zod";
import { defineLoop, type LoopContract } from "../../src/contract/index.ts";
import type { Agent } from "../../src/ports/agent.ts";
import type { Tool } from "../../src/ports/tool.ts";
import type { Verifier } from "../../src/ports/verifier.ts";
import type { Workspace } from "../../src/ports/workspace.ts";

// Contracts that leave open whatever a contract can leave open. None of their parts is ever called.

const never = () => Promise.reject(new Error("a model calls nothing"));
const agent: Agent = { name: "nobody", containment: "sandbox", act: never };
const workspace: Workspace = { kind: "nowhere", open: never };
const check: Verifier<"check"> = { kind: "check", name: "a check", containment: "sandbox", verify: never };

const free = { inScope: () => true, permitted: () => true };
const toolOf = (name: string, change: Partial<Tool<{ n: number }>>): Tool<{ n: number }> => ({
  name,
  description: "does something",
  input: z.object({ n: z.number() }),
  effect: "write",
  sensitivity: [],
  repeat: "never",
  settlesWithinMs: 0,
  burnsKey: false,
  timeoutMs: 5_000,
  execute: never,
  ...free,
  ...change,
});

const look = toolOf("look", { effect: "read", repeat: "safe" });
const put = toolOf("put", { repeat: "safe" });
const drop = toolOf("drop", { effect: "destructive", settlesWithinMs: 60_000 });
const send = toolOf("send", { repeat: "reconcile", settlesWithinMs: 1_000, reconcile: never });
const pay = toolOf("pay", { sensitivity: ["money"], dedupe: () => "key" });

const policy = [
  { answer: "allow", when: () => true },
  { answer: "forbid", when: () => true },
] as const;

const answers = {
  agent: { ...agent, maxPerTurn: { tokens: 10, costMicroUsd: 10 } },
  workspace,
  verify: { proposal: [check], goal: [check] },
  retry: {},
};

/** What the oracle is asked about. Together they take both ways of every question that the chart asks of a contract. */
export const contracts: Readonly<Record<string, LoopContract>> = {
  plain: defineLoop({
    ...answers,
    name: "plain",
    tools: { look, put, drop },
    continue: {},
    escalate: { policy, approvals: { approvers: ["ann"] } },
  } as unknown as Parameters<typeof defineLoop>[0]),
  measured: defineLoop({
    ...answers,
    name: "measured",
    tools: { send, pay },
    continue: { progress: { metric: { name: "missing" } } },
    escalate: { policy, onLimit: "escalate", approvals: { approvers: ["ann", "bob"], quorum: 2 } },
  } as unknown as Parameters<typeof defineLoop>[0]),
};
