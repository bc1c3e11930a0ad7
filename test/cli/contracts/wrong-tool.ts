import { defineLoop } from "../../../src/contract/index.ts";
import { counter, passesAt, put } from "./parts.ts";

const policy = [{ tool: "putt", answer: "allow" }] as never;

// The policy names a tool that is not declared.
export default defineLoop({
  name: "wrong-tool",
  agent: counter,
  tools: { put },
  continue: {},
  verify: { proposal: [passesAt(1)], goal: [passesAt(1)] },
  retry: {},
  escalate: { policy },
});
