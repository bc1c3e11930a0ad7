import { z } from "zod";
import { type Decision, no, yes } from "./decision.ts";

/** Answer to "what proves the last step worked?", as far as the chart needs it. Times in milliseconds. */
export const VerifyRules = z.strictObject({
  /** A verdict older than this is stale. */
  maxAgeMs: z
    .int()
    .min(1)
    .default(15 * 60_000),
  /** The longest one verification may take, all verifiers together. */
  timeoutMs: z
    .int()
    .min(1)
    .default(30 * 60_000),
});
export type VerifyRules = z.infer<typeof VerifyRules>;

export const VerdictResult = z.enum(["passed", "failed", "unverifiable"]);
export type VerdictResult = z.infer<typeof VerdictResult>;

/** What verification said, and about what: the digest of the proposal (actions and tree) and the tree. */
export const Verdict = z.strictObject({
  result: VerdictResult,
  proposal: z.string(),
  tree: z.string().nullable(),
  at: z.number(),
});
export type Verdict = z.infer<typeof Verdict>;

export type FreshInput = {
  verdict: Verdict | null;
  /** The proposal and the tree as they are now. */
  proposal: string;
  tree: string | null;
  now: number;
  maxAgeMs: number;
};
export type StaleReason = "missing" | "notPassed" | "otherProposal" | "treeChanged" | "tooOld";

/** Does a passed verdict cover exactly this proposal on exactly this tree, now? */
export function decideFresh({ verdict, proposal, tree, now, maxAgeMs }: FreshInput): Decision<StaleReason> {
  if (verdict === null) return no("missing");
  if (verdict.result !== "passed") return no("notPassed");
  if (verdict.proposal !== proposal) return no("otherProposal");
  if (verdict.tree !== tree) return no("treeChanged");
  if (now - verdict.at > maxAgeMs) return no("tooOld");
  return yes;
}

export const isFresh = (input: FreshInput): boolean => decideFresh(input).ok;

export type JudgedInput = {
  result: VerdictResult;
  purpose: "proposal" | "goal";
  /** Whether an effect is in doubt. */
  inDoubt: boolean;
};

/** Is the goal proved on the final state? Never while an effect is in doubt. */
export const isGoalReached = ({ result, purpose, inDoubt }: JudgedInput): boolean =>
  result === "passed" && purpose === "goal" && !inDoubt;

/** Is the proposal proved? */
export const isProposalProved = ({ result, purpose }: JudgedInput): boolean =>
  result === "passed" && purpose === "proposal";

/** Did the checks say no? */
export const isRejected = ({ result }: Pick<JudgedInput, "result">): boolean => result === "failed";
