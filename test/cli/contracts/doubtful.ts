import { defineLoop } from "../../../src/contract/index.ts";
import { counter, passesAt, putOf } from "./parts.ts";

const put = putOf(
  () => ({
    outcome: "unknown",
    failure: { errorClass: "timeout", message: "the answer was lost", retryAfterMs: null },
  }),
  "never",
);

// The tool's answer is lost, and nobody can be asked what happened.
export default defineLoop({
  name: "doubtful",
  agent: counter,
  tools: { put },
  continue: {},
  verify: { proposal: [passesAt(1)], goal: [passesAt(1)] },
  retry: {},
  escalate: { policy: [{ tool: "put", answer: "allow" }] },
});
