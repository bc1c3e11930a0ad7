import type { z } from "zod";
import type { Failure } from "../../guards/retry.ts";
import type { EffectKind, RepeatSafety, Sensitivity } from "../../guards/tool.ts";
import type { Json } from "./json.ts";
import type { ProcessRunner } from "./process.ts";
import type { WorkspaceSession } from "./workspace.ts";

export type { ErrorClass, Failure } from "../../guards/retry.ts";
export type { EffectKind, RepeatSafety, Sensitivity } from "../../guards/tool.ts";

/** How one attempt ended. A failure is `notApplied` only when that is certain; else it is `unknown`. */
export type AttemptOutcome =
  | { outcome: "applied"; result: Json }
  | { outcome: "notApplied"; failure: Failure }
  | { outcome: "unknown"; failure: Failure };

export type ReconcileOutcome =
  | { found: "applied"; result: Json }
  | { found: "absent" }
  | { found: "unknown"; failure: Failure };

export type ToolContext = {
  /** The effect's key, the same for all its attempts. Send it where the other side takes an idempotency key. */
  key: string;
  /** 1 for the first dispatch. */
  attempt: number;
  runId: string;
  /** The tree that was verified with this action; `null` without a workspace. */
  tree: string | null;
  workspace: WorkspaceSession | null;
  signal: AbortSignal;
  processes: ProcessRunner;
};

/** A declared tool. What is left out is assumed at its worst: destructive, never repeated, approval needed. */
export type Tool<Input = unknown> = {
  name: string;
  description: string;
  input: z.ZodType<Input>;
  effect: EffectKind;
  sensitivity: readonly Sensitivity[];
  repeat: RepeatSafety;
  /** Milliseconds after the last possible send until "absent" can be believed. Default 60,000. */
  settlesWithinMs: number;
  /** Asking `reconcile` makes the key unusable, so "absent" counts at once. */
  burnsKey: boolean;
  /** Milliseconds until an attempt counts as unknown. Default 60,000. */
  timeoutMs: number;
  /** The business key, unique across runs (`refund:4711`). */
  dedupe?: (input: Input) => string;
  /** Is this input inside what the contract is about? Default: yes. */
  inScope?: (input: Input) => boolean;
  /** Does the runtime hold what it needs (a token, a right)? Default: yes. */
  permitted?: (input: Input) => boolean | Promise<boolean>;
  execute(input: Input, context: ToolContext): Promise<AttemptOutcome>;
  /** Needed for `repeat: "reconcile"`: what became of the effect with this key? */
  reconcile?: (input: Input, context: ToolContext) => Promise<ReconcileOutcome>;
  /** Post-condition after an applied effect. Default: confirmed. */
  confirm?: (input: Input, result: Json, context: ToolContext) => Promise<boolean>;
};

/** A tool of whatever input: what a record of tools holds. */
// biome-ignore lint/suspicious/noExplicitAny: the input's type is both taken and given, so nothing narrower fits all
export type AnyTool = Tool<any>;
