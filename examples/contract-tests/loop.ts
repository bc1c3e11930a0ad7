import { defineLoop } from "loopwright";
import { commandAgent } from "loopwright/agents";
import type { Property } from "loopwright/check";
import { command } from "loopwright/verifiers";
import { type Shop, shopTools } from "./tools.ts";

// A loop that answers complaints: it looks orders up, pays them back when somebody agrees, and writes to the customer.

const complaints = command({ name: "complaints", command: ["node", "open-complaints.js"] });

export const complaintsLoop = (shop: Shop) =>
  defineLoop({
    name: "complaints",
    agent: { ...commandAgent({ command: ["agent"] }), maxPerTurn: { tokens: 20_000, costMicroUsd: 200_000 } },
    tools: shopTools(shop),
    continue: { limits: { steps: 12, effects: 6 } },
    verify: { proposal: [complaints], goal: [complaints] },
    retry: { failuresInARow: 4 },
    escalate: {
      policy: [
        { effect: "read", answer: "allow" },
        { tool: "mail", answer: "allow" },
        { tool: "mail", when: ({ text }: { text: string }) => /lawyer|court/i.test(text), answer: "ask" },
        { tool: "refund", answer: "allow" },
        { tool: "refund", when: ({ cents }: { cents: number }) => cents > 50_000, answer: "forbid" },
      ],
      approvals: { approvers: ["ada", "grace"], timeoutMs: 4 * 60 * 60_000 },
    },
  });

type Dispatch = { action: { tool: string }; grants: readonly string[] };

/** A promise of this loop's own, over what can be seen of a run: events in, calls out. */
export const refundsAreGranted: Property<null> = {
  name: "refundsAreGranted",
  says: "Every refund has a person's word, however small it is.",
  clause: "tools.refund",
  tools: ["refund"],
  begin: null,
  see(memory, { calls }) {
    const sent = calls.find(({ name }) => name === "execute")?.input as Dispatch | undefined;
    const unasked = sent?.action.tool === "refund" && sent.grants.length === 0;
    return unasked ? { violated: "a refund was dispatched without a grant" } : memory;
  },
};
