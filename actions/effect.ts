import type { Draft } from "immer";
import type { Effect, Json, LoopState } from "./state.ts";

type State = Draft<LoopState>;

const newEffect = (key: string, tool: string): Draft<Effect> => ({
  key,
  tool,
  attempts: 0,
  lastSentAt: null,
  reconciliations: 0,
  grants: [],
  knownApplied: false,
  result: null,
});

/** The intent: one more attempt under the effect's key. From here on it is in doubt until an outcome says otherwise. */
export function recordIntent(
  state: State,
  params: { key: string; tool: string; grants: readonly string[]; now: number },
): void {
  const { key, tool, grants, now } = params;
  if (state.effect?.key !== key) state.effect = newEffect(key, tool);
  state.effect.attempts += 1;
  state.effect.lastSentAt = now;
  state.effect.grants = [...grants];
  state.doubt = { key, attempt: state.effect.attempts, at: now };
}

/** The effect is in the world: the doubt is over and the agent is told. */
export function recordApplied(state: State, { result }: { result: Json }): void {
  if (state.effect === null) return;
  state.effect.result = result as Draft<Json>;
  state.spent.effects += 1;
  state.feedback.push({ kind: "applied", tool: state.effect.tool, result: result as Draft<Json> });
  state.doubt = null;
  clearFailures(state);
}

/** The attempt is known not to have happened: the doubt is over. */
export function recordNotApplied(state: State): void {
  state.doubt = null;
}

/** An outcome that came after its call was given up. It settles the doubt and never starts anything. */
export function recordLate(
  state: State,
  params: { key: string; attempt: number; outcome: "applied" | "notApplied"; result: Json },
): void {
  const { effect } = state;
  if (effect === null || effect.key !== params.key) return;
  if (params.outcome === "applied") {
    effect.knownApplied = true;
    effect.result = params.result as Draft<Json>;
    state.doubt = null;
  } else if (effect.attempts === params.attempt) {
    state.doubt = null;
  }
}

/** What a late reply said of the effect is taken as its outcome. */
export function acceptKnown(state: State): void {
  if (state.effect === null) return;
  state.effect.knownApplied = false;
  recordApplied(state, { result: state.effect.result });
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
  state.streak = { failures: 0, same: 0, fingerprint: null };
}
