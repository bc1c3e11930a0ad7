import type { PolicyAnswer } from "../../guards/policy.ts";
import type { EffectKind, Sensitivity } from "../../guards/tool.ts";
import type { LoopRules } from "../../machines/rules.ts";
import type { Agent } from "../ports/agent.ts";
import type { Tool } from "../ports/tool.ts";
import type { Verifier } from "../ports/verifier.ts";
import type { Workspace } from "../ports/workspace.ts";

/** One rule of the policy. It matches when all that it names match; a rule that names nothing matches every action. */
export type PolicyRule<ToolName extends string = string> = {
  tool?: ToolName | readonly ToolName[];
  effect?: EffectKind | readonly EffectKind[];
  sensitivity?: Sensitivity | readonly Sensitivity[];
  /** A further condition on the arguments. If it throws, the action is asked about. */
  when?: (input: never) => boolean;
  answer: PolicyAnswer;
  /** Said to the agent and to the person who is asked. */
  reason?: string;
};

/** A verified contract: the four answers, with what they are about. Made by `defineLoop`, never by hand. */
export type LoopContract = {
  readonly name: string;
  readonly agent: Agent;
  readonly workspace: Workspace | null;
  readonly tools: Readonly<Record<string, Tool>>;
  readonly verifiers: { readonly proposal: readonly Verifier[]; readonly goal: readonly Verifier[] };
  readonly policy: readonly PolicyRule[];
  /** What the chart decides by, every default filled in. */
  readonly rules: LoopRules;
};
