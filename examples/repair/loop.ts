import { defineLoop, gitWorkspace } from "loopwright";
import { gitCommit } from "loopwright/tools";
import { diffScope, protectedPaths, tests } from "loopwright/verifiers";
import { repairAgent } from "./agent/agent.ts";

// One process for all test files: a second faster a turn. The suite under repair is trusted not to forge its own report.
const testCommand = ["node", "--test", "--experimental-test-isolation=none"] as const;
const suite = tests({ command: [...testCommand, "--test-reporter=tap"], format: "tap", timeoutMs: 20_000 });

// The contract of an unattended repair: four answers, each enforced by the runtime.
export default defineLoop({
  name: "repair",
  agent: repairAgent({ testCommand }),
  workspace: gitWorkspace(),
  tools: { "git.commit": gitCommit({ branch: (runId) => `loopwright/${runId}` }) },

  // What stops this loop?
  continue: {
    limits: { steps: 400, activeMs: 30 * 60_000, effects: 1, recoveries: 100 },
    progress: { metric: { name: "failing", direction: "lower" }, patience: 120 },
  },
  // What proves the last step worked?
  verify: {
    proposal: [diffScope({ allow: ["**/*.{js,mjs,cjs}"], deny: ["**/test/**"] }), protectedPaths(), suite],
    goal: [suite],
  },
  // What is safe to attempt again?
  retry: { workspace: "strictRatchet" },
  // What forces a hand-off?
  escalate: {
    policy: [{ tool: "git.commit", answer: "allow", reason: "it lands on a branch of its own" }],
  },
});
