import { defineLoop } from "../../../src/contract/index.ts";
import { counter, passesAt, put } from "./parts.ts";

// A limit that is no limit.
export default defineLoop({
  name: "wrong-limit",
  agent: counter,
  tools: { put },
  continue: { limits: { steps: Number.POSITIVE_INFINITY } },
  verify: { proposal: [passesAt(1)], goal: [passesAt(1)] },
  retry: {},
  escalate: {},
});
