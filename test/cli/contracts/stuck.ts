import { defineLoop } from "../../../src/contract/index.ts";
import { agentOf, passesAt } from "./parts.ts";

// The agent gives up at once, and is done after a person has spoken.
export default defineLoop({
  name: "stuck",
  agent: agentOf((step) => (step === 1 ? { claim: "stuck", note: "which number?" } : { claim: "done" })),
  continue: {},
  verify: { proposal: [passesAt(1)], goal: [passesAt(1)] },
  retry: {},
  escalate: {},
});
