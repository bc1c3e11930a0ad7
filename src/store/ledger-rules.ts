import type {
  AttemptRow,
  CommitRefusal,
  EffectRow,
  EffectStatus,
  Intent,
  OutcomeRecord,
} from "../ports/store.ts";
import type { Tables } from "./tables.ts";

/** The ledger: which intents may be written, and what an outcome makes of an effect. */

type Found = Pick<AttemptRow, "outcome" | "source">;

/** Somebody looked at the world and found the whole effect absent: this speaks for all attempts up to then. */
const foundAbsent = ({ outcome, source }: Found): boolean =>
  outcome === "notApplied" && (source === "person" || source === "reconciliation");

/** How much is known of an attempt: a lower answer never replaces a higher one. */
function knowledge(found: Found): number {
  if (found.outcome === null) return 0;
  if (found.outcome === "unknown") return 1;
  if (found.outcome === "applied") return 4;
  return foundAbsent(found) ? 3 : 2;
}

/** Does a new outcome of an attempt replace what is on record? Only where it knows more; applied stays applied. */
export const replaces = (known: Found, next: Found): boolean => knowledge(next) > knowledge(known);

/**
 * What an effect is, from all its attempts in order: applied as soon as one is; not applied when each attempt since it
 * was last found absent is known not to have happened; else in doubt. A refusal of the second attempt says nothing about the first.
 */
export function statusOf(attempts: readonly Found[]): EffectStatus {
  if (attempts.some(({ outcome }) => outcome === "applied")) return "applied";
  const open = attempts.slice(attempts.findLastIndex(foundAbsent) + 1);
  return open.every(({ outcome }) => outcome === "notApplied") ? "notApplied" : "inDoubt";
}

/** Another attempt of the same effect: the key names one action of one run for life, and attempts are counted up. */
function refuseAttempt(known: EffectRow, runId: string, intent: Intent): CommitRefusal | null {
  if (known.runId !== runId || known.actionDigest !== intent.actionDigest) return "stale";
  if (known.attempts.some(({ attempt }) => attempt >= intent.attempt)) return "stale";
  return known.status === "applied" ? "duplicate" : null;
}

function refuseIntent(tables: Tables, runId: string, intent: Intent): CommitRefusal | null {
  const { key, loop, businessKey, grants } = intent;
  if (tables.halted(loop) !== null) return "halted";
  const known = tables.effect(key);
  const refused = known === null ? null : refuseAttempt(known, runId, intent);
  if (refused !== null) return refused;
  const holder = businessKey === null ? null : tables.holder(businessKey);
  if (holder !== null && holder.key !== key) return "duplicate";
  return grants.every((id) => tables.useGrant(id, key)) ? null : "grantUsed";
}

/** Writes an intent and uses its grants, or says why not. From here on the effect is in doubt. */
export function writeIntent(tables: Tables, runId: string, intent: Intent): CommitRefusal | null {
  const refused = refuseIntent(tables, runId, intent);
  if (refused !== null) return refused;
  const { attempt, at, grants: _used, ...about } = intent;
  const next: AttemptRow = { attempt, intentAt: at, outcome: null, outcomeAt: null, source: null };
  const known = tables.effect(intent.key) ?? { ...about, runId, result: null, attempts: [] };
  tables.putEffect({ ...known, status: "inDoubt", attempts: [...known.attempts, next] }, next);
  return null;
}

/** Writes an outcome where it knows more than what is on record; one without an intent changes nothing. */
export function writeOutcome(
  tables: Tables,
  { key, attempt, at, outcome, result, source }: OutcomeRecord,
): void {
  const effect = tables.effect(key);
  const known = effect?.attempts.find((each) => each.attempt === attempt);
  if (effect == null || known === undefined || !replaces(known, { outcome, source })) return;
  const next: AttemptRow = { ...known, outcome, outcomeAt: at, source };
  const attempts = effect.attempts.map((each) => (each === known ? next : each));
  const first = outcome === "applied" && effect.status !== "applied";
  tables.putEffect(
    { ...effect, attempts, status: statusOf(attempts), result: first ? result : effect.result },
    next,
  );
}
