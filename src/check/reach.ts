import type { LoopRules } from "../../machines/rules.ts";
import type { Explored } from "./explore.ts";
import type { ToolClass } from "./surroundings.ts";
import { undeclared } from "./surroundings.ts";

/** Why no run gets as far as running an action of this class. */
function whyNot({ policy }: ToolClass, { approvals }: LoopRules): string {
  if (policy.every((answer) => answer === "forbid")) return "the policy forbids it";
  const { approvers, quorum } = approvals;
  return approvers.length < quorum
    ? `it needs ${quorum} ${quorum === 1 ? "approval" : "approvals"}, and escalate.approvals.approvers names ${approvers.length === 0 ? "nobody" : `only ${approvers.length}`}`
    : "no run gets to it";
}

/** What no run under this contract can do although it was made for it: `null` where it can do everything. */
export function unreachable(
  { places, ran }: Pick<Explored, "places" | "ran">,
  tools: readonly ToolClass[],
  rules: LoopRules,
): string | null {
  const idle = tools.filter(({ names }) => names[0] !== undeclared.name && !ran.has(names[0]!));
  const words = idle.map((tool) => `${tool.names.join(", ")} can never run: ${whyNot(tool, rules)}`);
  const succeeds = places.some(({ state }) => state === "succeeded");
  const all = succeeds ? words : ["the goal can never be reached", ...words];
  return all.length === 0 ? null : all.join("; ");
}
