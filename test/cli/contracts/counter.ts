import { defineLoop } from "../../../src/contract/index.ts";
import { counter, passesAt, put } from "./parts.ts";

// Succeeds at the third step.
export default defineLoop({
  name: "counter",
  agent: counter,
  tools: { put },
  continue: {
    limits: { steps: 10, tokens: 10_000 },
    progress: { metric: { name: "missing", direction: "lower" } },
  },
  verify: { proposal: [passesAt(3)], goal: [passesAt(3)] },
  retry: { workspace: "keep" },
  escalate: { policy: [{ tool: "put", answer: "allow" }] },
});
