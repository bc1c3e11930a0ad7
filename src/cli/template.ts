/** The contract that `init` writes: it passes `check` as it stands. */
export const template = `import { defineLoop, gitWorkspace } from "loopwright";
import { commandAgent } from "loopwright/agents";
import { gitCommit } from "loopwright/tools";
import { diffScope, protectedPaths, tests } from "loopwright/verifiers";

// A loop contract: four answers that the runtime enforces, whatever the model says.
// Read it back with: loopwright check FILE

// How your tests are run and counted: a command that prints TAP, JUnit XML, or the JSON of vitest or node:test.
// For vitest: tests({ command: ["npx", "vitest", "run", "--reporter=json"] }).
const suite = tests({ command: ["node", "--test", "--test-reporter=tap"] });

export default defineLoop({
  name: "fix-tests",

  // Any command-line agent. It gets the goal and what happened so far on standard input, works in a
  // copy of the repository, and proposes; it never touches your branches itself.
  // The most that one turn can use keeps the limits exact: a turn only starts if its worst case still fits.
  agent: commandAgent({ command: ["claude", "-p"], maxPerTurn: { tokens: 50_000, costMicroUsd: 250_000 } }),
  workspace: gitWorkspace(),

  // What the agent may ask for. Whatever is not declared here does not exist for it.
  tools: { "git.commit": gitCommit({ branch: "loopwright/fix-tests" }) },

  // Continue: what stops this loop? Times in milliseconds, cost in millionths of a dollar.
  continue: {
    limits: {
      steps: 20,
      activeMs: 60 * 60_000,
      costMicroUsd: 5_000_000,
    },
  },

  // Verify: what proves that a step worked? The checks run in a clean checkout, not where the agent works.
  verify: {
    // Before any effect of a proposal. Fewer tests than before, or none, is a failure.
    proposal: [diffScope({ allow: ["src/**"] }), protectedPaths(), suite],
    // Before success, on the final state.
    goal: [suite],
  },

  // Retry: what is safe to attempt again? Empty means the safe defaults.
  retry: {},

  // Escalate: what forces a hand-off? What no rule names is asked about.
  escalate: {
    policy: [{ tool: "git.commit", answer: "allow", reason: "only to a branch of its own" }],
  },
});
`;
