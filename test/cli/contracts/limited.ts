import { defineLoop } from "../../../src/contract/index.ts";
import { counter, passesAt, put } from "./parts.ts";

// Stops at its limit of two steps, one short of success.
export default defineLoop({
  name: "limited",
  agent: counter,
  tools: { put },
  continue: { limits: { steps: 2 }, progress: { metric: { name: "missing", direction: "lower" } } },
  verify: { proposal: [passesAt(3)], goal: [passesAt(3)] },
  retry: { workspace: "keep" },
  escalate: { policy: [{ tool: "put", answer: "allow" }] },
});
