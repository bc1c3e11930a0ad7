import { z } from "zod";
import { type ApprovalRules, Grant, isApproved } from "./approval.ts";
import { type Decision, no, yes } from "./decision.ts";
import { needsApproval, PolicyAnswer } from "./policy.ts";
import type { ToolRules } from "./tool.ts";
import { isFresh, type Verdict } from "./verify.ts";

/** What the runtime found out about one action just before it would run. The gate reads nothing else. */
export const GateFacts = z.strictObject({
  /** The workspace's tree now; `null` without a workspace. */
  tree: z.string().nullable(),
  inputValid: z.boolean(),
  inScope: z.boolean(),
  permitted: z.boolean(),
  policy: PolicyAnswer,
  grants: z.array(Grant).max(64),
  /** Key of the effect of this run that already applied this very action, or `null`. */
  appliedBefore: z.string().nullable(),
  /** Key of another effect that holds the same business key, or `null`. */
  duplicateOf: z.string().nullable(),
  /** The tool is never repeatable, has no business key and was already used in this run. */
  usedBefore: z.boolean(),
  halted: z.boolean(),
});
export type GateFacts = z.infer<typeof GateFacts>;

export type GateInput = {
  facts: GateFacts;
  /** A halt that reached the run itself; one in the facts counts as much. */
  halted: boolean;
  tool: ToolRules;
  effectKey: string;
  actionDigest: string;
  verdict: Verdict | null;
  proposal: string;
  now: number;
  maxAgeMs: number;
  approvals: ApprovalRules;
  /** One more effect, and the time that is left, are within their limits. */
  withinLimits: boolean;
};

export type GateRefusal =
  | "halted"
  | "limit"
  | "invalidArguments"
  | "outOfScope"
  | "forbidden"
  | "missingPermission"
  | "duplicate"
  | "alreadyApplied"
  | "stale"
  | "needsApproval";

/** Do grants for exactly this effect stand? */
const approvedFor = ({ facts, tool, effectKey, actionDigest, now, approvals }: GateInput): boolean =>
  isApproved({
    grants: facts.grants,
    effectKey,
    actionDigest,
    destructive: tool.effect === "destructive",
    now,
    rules: approvals,
  });

/** Is a person's word still missing? */
function lacksApproval(input: GateInput): boolean {
  const { facts, tool } = input;
  const sensitive = tool.sensitivity.length > 0;
  const asks = needsApproval({
    effect: tool.effect,
    sensitive,
    policy: facts.policy,
    usedBefore: facts.usedBefore,
  });
  return asks && !approvedFor(input);
}

/** A read changes nothing, so it needs no verdict; everything else needs a fresh one on exactly this proposal. */
const isStale = ({ tool, verdict, proposal, facts, now, maxAgeMs }: GateInput): boolean =>
  tool.effect !== "read" && !isFresh({ verdict, proposal, tree: facts.tree, now, maxAgeMs });

/** An equal action is not applied twice in a run unless a person granted exactly this one. */
const isAlreadyApplied = (input: GateInput): boolean =>
  input.tool.effect !== "read" && input.facts.appliedBefore !== null && !approvedFor(input);

/**
 * May this action run now? The one decision that stands before every read and every dispatch; it refuses with the
 * first thing that is wrong, in the order in which a person would want to hear of it.
 */
export function decideGate(input: GateInput): Decision<GateRefusal> {
  const { facts } = input;
  if (input.halted || facts.halted) return no("halted");
  if (!input.withinLimits) return no("limit");
  if (!facts.inputValid) return no("invalidArguments");
  if (!facts.inScope) return no("outOfScope");
  if (facts.policy === "forbid") return no("forbidden");
  if (!facts.permitted) return no("missingPermission");
  if (facts.duplicateOf !== null) return no("duplicate");
  if (isAlreadyApplied(input)) return no("alreadyApplied");
  if (isStale(input)) return no("stale");
  if (lacksApproval(input)) return no("needsApproval");
  return yes;
}

/** May this read run now? */
export const mayObserve = (input: GateInput): boolean => input.tool.effect === "read" && decideGate(input).ok;

/** May this effect be dispatched now? */
export const mayDispatch = (input: GateInput): boolean =>
  input.tool.effect !== "read" && decideGate(input).ok;

/** Does the gate refuse this action for this reason? */
export const isRefused = (input: GateInput & { reason: GateRefusal }): boolean => {
  const decision = decideGate(input);
  return !decision.ok && decision.reason === input.reason;
};

/** One key for life: who runs, which step, which action; never a model's words. */
export const effectKeyOf = (input: { runId: string; step: number; index: number }): string =>
  `${input.runId}/${input.step}/${input.index}`;

export type AbsentInput = {
  found: "applied" | "absent" | "unknown";
  tool: ToolRules;
  lastSentAt: number;
  now: number;
};

/** Does "absent" count? Only when nothing sent can still arrive: the settling time has passed, or asking burned the key. */
export const isAbsentCertain = ({ found, tool, lastSentAt, now }: AbsentInput): boolean =>
  found === "absent" && (tool.burnsKey || now - lastSentAt >= tool.settlesWithinMs);

/** May the tool be asked once more what happened? */
export const mayAskAgain = ({ asked, most }: { asked: number; most: number }): boolean => asked < most;

export type ConfirmInput = { confirmed: boolean; before: string | null; after: string | null };

/** Is the post-condition met and the workspace as it was verified? */
export const isConfirmed = ({ confirmed, before, after }: ConfirmInput): boolean =>
  confirmed && before === after;

/** Is the post-condition met by an effect that changed the workspace? What was verified is then no longer what is there. */
export const isConfirmedButMoved = ({ confirmed, before, after }: ConfirmInput): boolean =>
  confirmed && before !== after;
