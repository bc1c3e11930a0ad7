import { z } from "zod";
import { ApprovalRules } from "../../guards/approval.ts";
import { Limits } from "../../guards/continue.ts";
import { EscalateRules } from "../../guards/escalate.ts";
import { PolicyAnswer } from "../../guards/policy.ts";
import { ProgressRules } from "../../guards/progress.ts";
import { RepetitionRules } from "../../guards/repetition.ts";
import { RetryRules } from "../../guards/retry.ts";
import { EffectKind, Sensitivity } from "../../guards/tool.ts";
import { VerifyRules } from "../../guards/verify.ts";
import type { PolicyRule } from "./contract.ts";
import { AgentPart, ToolPart, VerifierPart, WorkspacePart } from "./parts.ts";

/** The clauses of a contract as a person writes them; each is made of the guards' own schemas. */

const oneOrMore = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.array(schema).min(1)]);

const Proof = z
  .array(VerifierPart)
  .min(1, "expected at least one verifier")
  .refine(
    (verifiers) => verifiers.some((verifier) => verifier.kind !== "opinion"),
    "a model's opinion alone proves nothing",
  );

const Policy = z.strictObject({
  tool: oneOrMore(z.string()).optional(),
  effect: oneOrMore(EffectKind).optional(),
  sensitivity: oneOrMore(Sensitivity).optional(),
  when: z
    .custom<PolicyRule["when"]>(
      (value) => value === undefined || typeof value === "function",
      "expected a function",
    )
    .optional(),
  answer: PolicyAnswer,
  reason: z.string().max(500).optional(),
});

export const Continue = z.strictObject({
  limits: Limits.partial().prefault({}),
  repetition: RepetitionRules.optional(),
  progress: ProgressRules.optional(),
});

export const Verify = z.strictObject({
  /** Run on every proposal before any of its effects. */
  proposal: Proof,
  /** Run on the final state after a claim of done. */
  goal: Proof,
  ...VerifyRules.partial().shape,
});

export const Escalate = z.strictObject({
  policy: z.array(Policy).default([]),
  approvals: ApprovalRules.optional(),
  ...EscalateRules.partial().shape,
});

export const Clauses = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, "expected 1 to 64 letters, digits, dots, dashes or underscores"),
  agent: AgentPart,
  /** The longest one turn may take, in milliseconds. */
  turnTimeoutMs: z.int().min(1).optional(),
  workspace: WorkspacePart.nullable().default(null),
  tools: z.record(z.string(), ToolPart).default({}),
  continue: Continue,
  verify: Verify,
  retry: RetryRules,
  escalate: Escalate,
});
export type Clauses = z.infer<typeof Clauses>;
