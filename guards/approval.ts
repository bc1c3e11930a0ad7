import { z } from "zod";
import { type Decision, no, yes } from "./decision.ts";

/** How people are asked. Times in milliseconds. */
export const ApprovalRules = z.strictObject({
  /** Distinct approvers needed. */
  quorum: z.int().min(1).max(10).default(1),
  /** How long a question waits; silence is never consent. */
  timeoutMs: z
    .int()
    .min(1)
    .default(24 * 60 * 60_000),
  /** Names of those who may approve; empty: nobody can, so every question waits and times out. */
  approvers: z.array(z.string().min(1)).max(64).default([]),
});
export type ApprovalRules = z.infer<typeof ApprovalRules>;

/** A signed answer as the runtime found it: signature checked, bound to one effect and one action. */
export const Grant = z.strictObject({
  id: z.string(),
  effectKey: z.string(),
  actionDigest: z.string(),
  approver: z.string(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  /** The effect that used it. */
  usedBy: z.string().nullable(),
  revoked: z.boolean(),
});
export type Grant = z.infer<typeof Grant>;

export type ApprovalInput = {
  grants: readonly Grant[];
  effectKey: string;
  actionDigest: string;
  /** A destructive effect needs a fresh grant for every attempt. */
  destructive: boolean;
  now: number;
  rules: ApprovalRules;
};
export type ApprovalRefusal = "noGrant" | "tooFew";

/** Is this grant good for exactly this effect now? */
function isGood(grant: Grant, input: ApprovalInput): boolean {
  const unused = grant.usedBy === null || (grant.usedBy === input.effectKey && !input.destructive);
  return (
    unused &&
    !grant.revoked &&
    grant.effectKey === input.effectKey &&
    grant.actionDigest === input.actionDigest &&
    grant.issuedAt <= input.now &&
    input.now < grant.expiresAt &&
    input.rules.approvers.includes(grant.approver)
  );
}

/** The grants that together approve this effect: one per approver, as many as the quorum asks for. */
export function approvingGrants(input: ApprovalInput): Grant[] {
  const good = input.grants.filter((grant) => isGood(grant, input));
  const distinct = good.filter((grant, i) => good.findIndex((g) => g.approver === grant.approver) === i);
  return distinct.slice(0, input.rules.quorum);
}

/** Do enough distinct approvers agree to exactly this effect, now? */
export function decideApproval(input: ApprovalInput): Decision<ApprovalRefusal> {
  const agreed = approvingGrants(input).length;
  if (agreed === 0) return no("noGrant");
  return agreed < input.rules.quorum ? no("tooFew") : yes;
}

export const isApproved = (input: ApprovalInput): boolean => decideApproval(input).ok;
