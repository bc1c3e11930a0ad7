import type { EffectRow, OutcomeRecord } from "../ports/store.ts";

type Known = Pick<EffectRow, "status" | "result"> & {
  attempts: readonly { outcome: OutcomeRecord["outcome"] | null }[];
};

/**
 * What an effect is once an outcome came in: applied once and for all as soon as any attempt is; not applied only
 * when every attempt is known not to have happened; else in doubt. `attempts` include the new outcome.
 */
export function statusAfter(effect: Known, outcome: OutcomeRecord): Pick<EffectRow, "status" | "result"> {
  if (effect.status === "applied") return { status: "applied", result: effect.result };
  if (outcome.outcome === "applied") return { status: "applied", result: outcome.result };
  const settled = effect.attempts.every((attempt) => attempt.outcome === "notApplied");
  const settledByPerson = outcome.outcome === "notApplied" && outcome.source === "person";
  const reconciled = outcome.outcome === "notApplied" && outcome.source === "reconciliation";
  return { status: settled || settledByPerson || reconciled ? "notApplied" : "inDoubt", result: null };
}

/** Does a new outcome of an attempt replace the one on record? What is known to be applied stays so. */
export const replaces = (known: OutcomeRecord["outcome"] | null, next: OutcomeRecord["outcome"]): boolean =>
  known !== "applied" && !(known === "notApplied" && next === "unknown");
