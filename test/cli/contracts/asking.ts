import { defineLoop } from "../../../src/contract/index.ts";
import { counter, passesAt, put } from "./parts.ts";

// No policy allows the tool, so a person is asked.
export default defineLoop({
  name: "asking",
  agent: counter,
  tools: { put },
  continue: {},
  verify: { proposal: [passesAt(1)], goal: [passesAt(1)] },
  retry: {},
  escalate: {},
});
