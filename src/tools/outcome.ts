import { z } from "zod";
import { Failure } from "../../guards/retry.ts";
import type { Json } from "../ports/json.ts";
import type { AttemptOutcome, ReconcileOutcome } from "../ports/tool.ts";

const Outcome = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("applied"), result: z.unknown().optional() }),
  z.strictObject({ outcome: z.literal("notApplied"), failure: Failure }),
  z.strictObject({ outcome: z.literal("unknown"), failure: Failure }),
]);

const claimsOutcome = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ["notApplied", "unknown"].includes(String((value as { outcome?: unknown }).outcome));

/** What of a value survives JSON; `null` where nothing does. The effect has happened, so this never throws. */
function jsonOf(value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null") as Json;
  } catch {
    return null;
  }
}

/**
 * What `execute` returned, as an outcome: an outcome as it is, anything else as the result of an applied effect. What calls
 * itself not applied or unknown and is malformed is unknown.
 */
export function outcomeOf(returned: unknown): AttemptOutcome {
  const parsed = Outcome.safeParse(returned);
  if (!parsed.success)
    return claimsOutcome(returned) ? malformed : { outcome: "applied", result: jsonOf(returned) };
  const { data } = parsed;
  return data.outcome === "applied" ? { outcome: "applied", result: jsonOf(data.result) } : data;
}

const internal = (message: string): Failure => ({ errorClass: "internal", message, retryAfterMs: null });

const malformed: AttemptOutcome = {
  outcome: "unknown",
  failure: internal(
    "the tool returned an outcome with a malformed failure: it needs errorClass, message and retryAfterMs",
  ),
};

const Reconciliation = z.discriminatedUnion("found", [
  z.strictObject({ found: z.literal("applied"), result: z.unknown().optional() }),
  z.strictObject({ found: z.literal("absent") }),
  z.strictObject({ found: z.literal("unknown"), failure: Failure }),
]);

/** What `reconcile` answered. What is no such answer says nothing, least of all that the effect is absent. */
export function reconciliationOf(answer: unknown): ReconcileOutcome {
  const { data } = Reconciliation.safeParse(answer);
  if (data === undefined)
    return { found: "unknown", failure: internal("the tool did not say what it found") };
  return data.found === "applied" ? { found: "applied", result: jsonOf(data.result) } : data;
}
