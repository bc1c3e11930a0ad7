import { z } from "zod";
import { ApprovalRules } from "../guards/approval.ts";
import { Limits, Usage } from "../guards/continue.ts";
import { EscalateRules } from "../guards/escalate.ts";
import { ProgressRules } from "../guards/progress.ts";
import { RepetitionRules } from "../guards/repetition.ts";
import { RetryRules } from "../guards/retry.ts";
import { ToolRules } from "../guards/tool.ts";
import { VerifyRules } from "../guards/verify.ts";

/** What of a contract the chart decides by: the product of the guards' schemas, plain data. Times in milliseconds. */
export const LoopRules = z.strictObject({
  agent: z
    .strictObject({
      /** The longest one turn may take. */
      timeoutMs: z
        .int()
        .min(1)
        .default(15 * 60_000),
      /** The most one turn can use; `null`: unknown, so token and cost limits are advisory. */
      maxPerTurn: Usage.nullable().default(null),
    })
    .prefault({}),
  opinions: z
    .strictObject({
      /** The most that the opinions of one verification can use; they are model calls too. */
      maxPerVerification: Usage.default({ tokens: 0, costMicroUsd: 0 }),
    })
    .prefault({}),
  tools: z.record(z.string(), ToolRules).default({}),
  limits: Limits.prefault({}),
  repetition: RepetitionRules.prefault({}),
  progress: ProgressRules.prefault({}),
  verify: VerifyRules.prefault({}),
  retry: RetryRules.prefault({}),
  escalate: EscalateRules.prefault({}),
  approvals: ApprovalRules.prefault({}),
});
export type LoopRules = z.infer<typeof LoopRules>;

/** The longest the runtime may take to collect facts or to check a post-condition. */
export const assessTimeoutMs = 10 * 60_000;

/** Times a tool is asked what happened before a person is. */
export const reconciliationsMax = 8;

/** Bound on eventless transitions in one step of the machine; the longest real chain is under ten. */
export const maxIterations = 64;
