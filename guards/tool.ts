import { z } from "zod";

/** What an action does to the world. A tool that declares nothing is `destructive`. */
export const EffectKind = z.enum(["read", "write", "destructive"]);
export type EffectKind = z.infer<typeof EffectKind>;

/** May an effect be attempted again? `safe`: idempotent or takes our key. `reconcile`: can be asked what happened. */
export const RepeatSafety = z.enum(["safe", "reconcile", "never"]);
export type RepeatSafety = z.infer<typeof RepeatSafety>;

export const Sensitivity = z.enum(["money", "users", "production", "security", "irreversible"]);
export type Sensitivity = z.infer<typeof Sensitivity>;

/** What the chart knows of a tool. Times in milliseconds. */
export const ToolRules = z.strictObject({
  effect: EffectKind.default("destructive"),
  sensitivity: z.array(Sensitivity).default([]),
  repeat: RepeatSafety.default("never"),
  /** After this long since the last possible send, "absent" can be believed. */
  settlesWithinMs: z.int().min(0).default(60_000),
  /** Asking makes the key unusable, so "absent" counts at once. */
  burnsKey: z.boolean().default(false),
  /** After this long without an answer the attempt counts as unknown. */
  timeoutMs: z.int().min(1).default(60_000),
});
export type ToolRules = z.infer<typeof ToolRules>;
