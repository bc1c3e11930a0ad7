import { commandAgent } from "../../../src/agents/index.ts";
import { defineLoop } from "../../../src/contract/index.ts";
import { passesAt, put } from "./parts.ts";

// Runs the shell command in AGENT as its agent, whatever that does.
export default defineLoop({
  name: "agent",
  agent: commandAgent({
    name: "agent",
    command: ["sh", "-c", process.env.AGENT ?? "true"],
    timeoutMs: 2_000,
    maxPerTurn: { tokens: 100, costMicroUsd: 1_000 },
  }),
  tools: { put },
  continue: { limits: { steps: 3 } },
  verify: { proposal: [passesAt(2)], goal: [passesAt(2)] },
  retry: { backoff: { baseMs: 10, maxMs: 20 } },
  escalate: { policy: [{ tool: "put", answer: "allow" }] },
});
