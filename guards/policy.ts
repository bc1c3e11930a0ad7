import { z } from "zod";
import type { EffectKind } from "./tool.ts";

export const PolicyAnswer = z.enum(["allow", "ask", "forbid"]);
export type PolicyAnswer = z.infer<typeof PolicyAnswer>;

/** The strictest of the answers that matched: forbid beats ask beats allow; nothing matched means ask. */
export function strictest(answers: readonly PolicyAnswer[]): PolicyAnswer {
  if (answers.includes("forbid")) return "forbid";
  if (answers.includes("ask") || answers.length === 0) return "ask";
  return "allow";
}

export type NeedsApprovalInput = {
  effect: EffectKind;
  /** How many kinds of sensitivity the tool declares. */
  sensitive: boolean;
  policy: PolicyAnswer;
  /** A write that is never repeatable and has no business key, whose tool was already used in this run. */
  usedBefore: boolean;
};

/** Must a person agree first? Destructive and sensitive actions always ask, whatever the policy allows. */
export const needsApproval = ({ effect, sensitive, policy, usedBefore }: NeedsApprovalInput): boolean =>
  effect === "destructive" || sensitive || policy !== "allow" || usedBefore;
