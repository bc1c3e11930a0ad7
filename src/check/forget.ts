import { initialState, type LoopState } from "../../actions/state.ts";
import { initialProgress } from "../../guards/progress.ts";
import { initialRepetition } from "../../guards/repetition.ts";

/** The moment at which everything happens: time that goes by is a choice of the search. */
export const now = 1_000_000_000;

/** What any effect but the present action's is called. */
export const earlierKey = "run/0/0";
export const presentKey = "run/1/0";

/** Attempts without an outcome that are kept apart: more of them behave like these, only longer. */
const openMax = 2;

/** How keys and attempts are called from now on, so that what differs in nothing but its number is seen once. */
export type Naming = { key: (key: string) => string; attempt: (attempt: number) => number };

/**
 * The effect of the present action is called `presentKey`, all before `earlierKey`. Attempts without an outcome count from
 * 2, those with one are 1; the oldest open ones are 0 and forgotten where there are more than `openMax`.
 */
export function namingOf(context: LoopState): Naming {
  const { spent, doubt, effect, cursor } = context;
  const open = doubt?.attempts.slice(-openMax) ?? [];
  return {
    key: (key) => {
      const [, step, index] = key.split("/");
      const isPresent = Number(step) === spent.steps && Number(index) === cursor;
      return isPresent ? presentKey : earlierKey;
    },
    attempt: (attempt) => {
      const place = open.indexOf(attempt);
      if (place >= 0) return place + 2;
      if (doubt?.attempts.includes(attempt)) return 0;
      return attempt > 0 && attempt === effect?.attempts ? open.length + 2 : Math.min(attempt, 1);
    },
  };
}

/** The attempts that are kept, by their names. */
export const renamed = (attempts: readonly number[], { attempt }: Naming): number[] =>
  attempts.map(attempt).filter((name) => name > 0);

const isAtGate = (state: string): boolean => state.startsWith("effect.") || state === "verifying";

const spentNothing = {
  steps: 1,
  activeMs: 0,
  tokens: 0,
  costMicroUsd: 0,
  effects: 0,
  questions: 0,
  recoveries: 0,
  reverifications: 0,
};

/** What is left of a run that can never go on. */
const blank = initialState({ runId: "run", at: now, baseTree: null });

const noFailure = { failures: 1, same: 0, fingerprint: null, origin: "proposal" } as const;

/**
 * What a state can still make use of; everything else is put to one value, so that what the chart treats alike is seen
 * once. Counts are 1 where the search looks at whether they rise or fall.
 */
export function forget(context: LoopState, state: string, naming: Naming): LoopState {
  const { key, attempt } = naming;
  const { effect, doubt, approval, call, verdict, workspace, failure, outcome } = context;
  if (outcome !== null && outcome.reason !== "limit")
    return { ...blank, outcome: { ...outcome, detail: null, at: now } };
  const isOpen = effect !== null && !effect.applied;
  const waitsForTurn = state === "waiting" && failure?.origin === "turn";
  const keepsTurn =
    context.turn !== null && (isAtGate(state) || isOpen || (state === "waiting" && !waitsForTurn));
  return {
    ...context,
    startedAt: now,
    spent: spentNothing,
    raised: {},
    calls: call === null ? 0 : 1,
    call: call && { id: "1", openedAt: now },
    setAt: now,
    dueAt: context.dueAt === null ? null : now,
    turn: keepsTurn
      ? {
          ...context.turn!,
          actions: context.turn!.actions.slice(context.cursor),
          proposal: "p",
          changed: false,
        }
      : null,
    cursor: 0,
    verdict: verdict !== null && keepsTurn && state !== "verifying" ? { ...verdict, proposal: "p" } : null,
    effect:
      effect !== null && (keepsTurn || isOpen)
        ? {
            ...effect,
            key: key(effect.key),
            attempts: attempt(effect.attempts),
            lastSentAt: now,
            reconciliations: 1,
            grants: [],
            result: null,
          }
        : null,
    doubt: doubt && { key: key(doubt.key), attempts: renamed(doubt.attempts, naming), at: now },
    approval: approval && { effectKey: key(approval.effectKey), askedAt: now },
    feedback: [],
    memory: null,
    workspace: { start: null, base: null, best: null, bestScore: workspace.bestScore === null ? null : 0 },
    failure:
      state === "waiting"
        ? {
            origin: waitsForTurn ? "turn" : "effect",
            errorClass: "internal",
            message: "",
            retryAfterMs: null,
            fingerprint: "",
            score: null,
          }
        : null,
    streak: noFailure,
    step: null,
    repetition: initialRepetition,
    progress: initialProgress,
    escalation: null,
    outcome: outcome && { ...outcome, detail: null, at: now },
  };
}

/** Two memories that were forgotten in with the same text are the same. */
export function textOf({
  turn,
  verdict,
  effect,
  doubt,
  approval,
  workspace,
  failure,
  halted,
  abortRequested,
  reserved,
  outcome,
}: LoopState): string {
  return [
    turn && `${turn.claim} ${turn.actions[0]?.tool} ${turn.actions[1]?.tool}`,
    verdict && `${verdict.result} ${verdict.tree}`,
    effect && `${effect.key} ${effect.attempts} ${effect.applied} ${effect.knownApplied}`,
    doubt && `${doubt.key} ${doubt.attempts}`,
    approval?.effectKey,
    workspace.bestScore,
    failure?.origin,
    halted,
    abortRequested,
    reserved === null,
    outcome?.reason,
  ].join("|");
}
