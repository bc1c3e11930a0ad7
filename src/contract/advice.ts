const clauses: Record<string, string> = {
  name: 'write a short name, for example name: "fix-tests"',
  agent: 'write an agent, for example agent: commandAgent({ command: ["claude", "-p"] })',
  turnTimeoutMs: "write whole milliseconds, for example turnTimeoutMs: 15 * 60_000",
  workspace: "write workspace: gitWorkspace(), or leave it out for a loop without files",
  tools: 'write tools by name, for example tools: { "git.commit": gitCommit({ branch: "loopwright/fix" }) }',
  continue: "say what stops this loop: continue: { limits: { steps: 20, costMicroUsd: 2_000_000 } }",
  verify:
    'say what proves a step: verify: { proposal: [diffScope({ allow: ["src/**"] })], goal: [tests({ command: ["npm", "test"] })] }',
  retry: "say what may be attempted again: retry: { failuresInARow: 3 }, or retry: {} for the safe defaults",
  escalate:
    'say what forces a hand-off: escalate: { policy: [{ tool: "git.commit", answer: "allow" }] }; what no rule names is asked about',
};

const details: Record<string, string> = {
  "continue.limits": "every limit is a finite whole number of at least 1; leave one out for its default",
  "verify.proposal":
    "name at least one external check: a command, tests, a diff in scope; an opinion may stand beside it",
  "verify.goal":
    'name at least one external check of the final state, for example tests({ command: ["npm", "test"] })',
  "escalate.policy": 'a rule reads { tool: "name", answer: "allow" | "ask" | "forbid", reason: "…" }',
};

/** What to write for the clause at this path. A prompt is advice; only what the runtime can enforce is an answer. */
export function adviceFor(path: readonly string[]): string {
  const [clause = "", part = ""] = path;
  return (
    details[`${clause}.${part}`] ??
    clauses[clause] ??
    "the clauses are: name, agent, workspace, tools, continue, verify, retry, escalate"
  );
}
