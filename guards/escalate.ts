import { z } from "zod";
import { type Decision, no, yes } from "./decision.ts";

/** Why a run is parked for a person. */
export const EscalationReason = z.enum([
  "limit",
  "halted",
  "repeatedAction",
  "noProgress",
  "agentAsked",
  "unverifiable",
  "outOfScope",
  "forbidden",
  "missingPermission",
  "duplicate",
  "approvalTimeout",
  "unknownOutcome",
  "notConfirmed",
  "sameFailure",
  "retriesExhausted",
  "contradiction",
  "crashLoop",
  "internal",
]);
export type EscalationReason = z.infer<typeof EscalationReason>;

/** Answer to "what forces a hand-off?", as far as the chart needs it. Times in milliseconds. */
export const EscalateRules = z.strictObject({
  /** A used-up limit ends the run (`stop`, resumable by raising it) or parks it for a person (`escalate`). */
  onLimit: z.enum(["stop", "escalate"]).default("stop"),
  /** How long a parked run waits for a person before it is stopped. */
  parkTimeoutMs: z
    .int()
    .min(1)
    .default(7 * 24 * 60 * 60_000),
});
export type EscalateRules = z.infer<typeof EscalateRules>;

export type ResumeInput = {
  /** Key of the effect in doubt, or `null`. */
  doubt: string | null;
  halted: boolean;
};

/** May a parked run go on? Refuses while an effect is in doubt (settle it first) and under a halt. */
export function decideResume({ doubt, halted }: ResumeInput): Decision<"inDoubt" | "halted"> {
  if (doubt !== null) return no("inDoubt");
  return halted ? no("halted") : yes;
}

export const mayResume = (input: ResumeInput): boolean => decideResume(input).ok;

export type SettleInput = {
  doubt: string | null;
  key: string;
  found: "applied" | "absent";
  wanted: "applied" | "absent";
};

/** Does this word of a person settle exactly the effect that is in doubt, in this way? */
export const maySettle = ({ doubt, key, found, wanted }: SettleInput): boolean =>
  doubt !== null && doubt === key && found === wanted;
