import { defineLoop } from "loopwright";
import { scriptedAgent } from "loopwright/agents";
import { never, runsUnasked } from "loopwright/check";
import { defineTool } from "loopwright/tools";
import { command } from "loopwright/verifiers";
import { z } from "zod";

const refund = defineTool({
  name: "refund",
  description: "Pays an order back.",
  input: z.object({ order: z.string(), cents: z.int() }),
  effect: "write",
  repeat: "safe",
  dedupe: ({ order }) => `refund:${order}`,
  execute: async ({ cents }) => ({ paid: cents }),
});
const sums = command({ name: "sums", command: ["true"] });

// The condition was meant for small amounts; nothing makes sure that it is one.
export default defineLoop({
  name: "promises",
  agent: scriptedAgent({ turns: [] }),
  tools: { refund },
  continue: { limits: { steps: 5 } },
  verify: { proposal: [sums], goal: [sums] },
  retry: {},
  escalate: {
    policy: [{ tool: "refund", when: ({ cents }: { cents: number }) => cents < 2_000, answer: "allow" }],
    approvals: { approvers: ["ada"] },
  },
});

export const properties = [
  never({ name: "refundsAreApproved", says: "Every refund has a person's word." }, runsUnasked("refund")),
];
