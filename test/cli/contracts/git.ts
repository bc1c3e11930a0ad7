import { defineLoop } from "../../../src/contract/index.ts";
import { gitWorkspace } from "../../../src/workspaces/index.ts";
import { agentOf, passesAt } from "./parts.ts";

// Works in a git repository.
export default defineLoop({
  name: "git",
  agent: agentOf(() => ({ claim: "done" })),
  workspace: gitWorkspace(),
  continue: {},
  verify: { proposal: [passesAt(1)], goal: [passesAt(1)] },
  retry: {},
  escalate: {},
});
