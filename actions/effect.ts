import type { Draft } from "immer";
import type { FailureOrigin } from "../guards/retry.ts";
import type { Effect, Json, LoopState } from "./state.ts";
import { tell } from "./turn.ts";

type State = Draft<LoopState>;

const newEffect = (key: string, tool: string): Draft<Effect> => ({
  key,
  tool,
  attempts: 0,
  lastSentAt: null,
  reconciliations: 0,
  grants: [],
  applied: false,
  knownApplied: false,
  result: null,
});

/** The intent: one more attempt under the effect's key. From here on it is in doubt until an outcome says otherwise; an earlier doubt stays. */
export function recordIntent(
  state: State,
  params: { key: string; tool: string; grants: readonly string[]; now: number },
): void {
  const { key, tool, grants, now } = params;
  if (state.effect?.key !== key) state.effect = newEffect(key, tool);
  state.effect.attempts += 1;
  state.effect.lastSentAt = now;
  state.effect.grants = [...grants];
  const open = state.doubt?.attempts ?? [];
  state.doubt = { key, attempts: [...open, state.effect.attempts], at: now };
}

/** The effect is in the world: the doubt is over, whichever attempt it was, and the agent is told. */
export function recordApplied(state: State, { result }: { result: Json }): void {
  if (state.effect === null) return;
  Object.assign(state.effect, { applied: true, knownApplied: false, result });
  state.spent.effects += 1;
  tell(state, { feedback: { kind: "applied", tool: state.effect.tool, result } });
  state.doubt = null;
  clearFailures(state);
}

/** The last attempt is known not to have happened. That says nothing of an earlier one whose outcome is unknown. */
export function recordNotApplied(state: State): void {
  if (state.effect !== null) closeAttempt(state, state.effect.attempts);
}

function closeAttempt(state: State, attempt: number): void {
  if (state.doubt === null) return;
  const open = state.doubt.attempts.filter((other) => other !== attempt);
  state.doubt = open.length > 0 ? { ...state.doubt, attempts: open } : null;
}

/** The attempt ended without an outcome: until now, something may have been sent. */
export function recordUnknown(state: State, { now }: { now: number }): void {
  if (state.effect !== null) state.effect.lastSentAt = now;
}

/** Nothing that was sent under the effect's key arrived, whichever attempt it was: the doubt is over. */
export function recordAbsent(state: State): void {
  state.doubt = null;
}

/** An outcome that came after its call was given up. It settles the doubt and never starts anything. */
export function recordLate(
  state: State,
  params: { key: string; attempt: number; outcome: "applied" | "notApplied"; result: Json },
): void {
  const { effect } = state;
  if (effect === null || effect.key !== params.key || effect.applied) return;
  if (params.outcome === "applied") {
    effect.knownApplied = true;
    effect.result = params.result as Draft<Json>;
    state.doubt = null;
  } else {
    closeAttempt(state, params.attempt);
  }
}

/** What a late reply said of the effect is taken as its outcome. */
export function acceptKnown(state: State): void {
  if (state.effect !== null) recordApplied(state, { result: state.effect.result });
}

/** The tool was asked once more what happened. */
export function countReconciliation(state: State): void {
  if (state.effect !== null) state.effect.reconciliations += 1;
}

/** The workspace is now at this tree. */
export function moveWorkspace(state: State, { tree }: { tree: string | null }): void {
  state.workspace.start = tree;
  if (state.step !== null) state.step.tree = tree;
}

/** Something succeeded: failures no longer stand in a row. */
export function clearFailures(state: State): void {
  state.failure = null;
  state.streak = { failures: 0, same: 0, fingerprint: null, origin: null };
}

/** A stage was passed: its failures no longer stand in a row. Those of later stages do, or they would never add up. */
export function endStreak(state: State, { of }: { of: readonly FailureOrigin[] }): void {
  state.failure = null;
  if (state.streak.origin !== null && of.includes(state.streak.origin)) clearFailures(state);
}
