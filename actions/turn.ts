import type { Draft } from "immer";
import { acknowledgeProgress, nextProgress, type ProgressRules } from "../guards/progress.ts";
import { acknowledgeRepetition, nextRepetition, type RepetitionRules } from "../guards/repetition.ts";
import type { Feedback, LoopState, Turn } from "./state.ts";

type State = Draft<LoopState>;

/** A new step begins: the last turn is over, with its failure and with what became of its actions. */
export function beginStep(state: State): void {
  state.spent.steps += 1;
  state.effect = null;
  state.step = { score: null, verdict: null, tree: null, results: [] };
  state.failure = null;
}

/** Takes in what the agent proposed; what it was told before is now told. */
export function recordTurn(state: State, { turn, memory }: { turn: Turn; memory: string | null }): void {
  state.turn = turn as Draft<Turn>;
  state.cursor = 0;
  state.verdict = null;
  state.effect = null;
  state.memory = memory;
  state.feedback = [];
  state.workspace.start = turn.tree;
  if (state.step !== null) state.step.tree = turn.tree;
}

/** One more thing to tell the agent; the oldest are forgotten beyond 64. */
export function tell(state: State, { feedback }: { feedback: Feedback }): void {
  state.feedback.push(feedback as Draft<Feedback>);
  if (state.feedback.length > 64) state.feedback.splice(0, state.feedback.length - 64);
}

/** An action came to a result: the repetition detector takes note, and the step, if it was an answer. */
export function observeResult(
  state: State,
  { result, answered, rules }: { result: string; answered: boolean; rules: RepetitionRules },
): void {
  const action = state.turn?.actions[state.cursor];
  if (action === undefined) return;
  const { tool, digest } = action;
  state.repetition = nextRepetition(state.repetition, { tool, action: digest, result }, rules);
  if (answered) state.step?.results.push(`${digest} ${result}`);
}

const nudges = {
  repetition:
    "The same action has brought the same result before. Do something else, or say that you are stuck.",
  progress: "The last steps brought no progress. Try another way, or say that you are stuck.",
};

/** Tells the agent, once, that a detector was hit; the next hit goes to a person. */
export function nudge(state: State, { about }: { about: keyof typeof nudges }): void {
  if (about === "repetition") state.repetition = acknowledgeRepetition(state.repetition);
  else state.progress = acknowledgeProgress(state.progress);
  tell(state, { feedback: { kind: "nudge", text: nudges[about] } });
}

/** A refused proposal is a result of each of its actions; a turn without actions counts as one of its own. */
export function observeRefusal(
  state: State,
  { result, rules }: { result: string; rules: RepetitionRules },
): void {
  const turn = state.turn;
  if (turn === null) return;
  const rest = turn.actions.slice(state.cursor);
  const refused = rest.length > 0 ? rest : [{ tool: "", digest: turn.tree ?? turn.proposal }];
  for (const action of refused) {
    const observation = { tool: action.tool, action: `${action.digest}@${turn.tree ?? ""}`, result };
    state.repetition = nextRepetition(state.repetition, observation, rules);
  }
}

/** On to the next action of the turn. */
export function nextAction(state: State): void {
  state.cursor += 1;
  state.effect = null;
}

/** What was verified is no longer what is there: actions that still follow are void, and the claim with them. */
export function voidRest(state: State): void {
  const { turn, cursor } = state;
  if (turn === null || turn.actions.length <= cursor + 1) return;
  turn.actions.length = cursor + 1;
  turn.claim = null;
}

/** The step is over: progress is measured once. A turn that failed brought nothing to measure; that is the retry's business. */
export function closeStep(state: State, { rules }: { rules: ProgressRules }): void {
  if (state.step === null) return;
  const { score, verdict, tree, results } = state.step;
  state.step = null;
  if (state.failure?.origin === "turn") return;
  const answers = results.length === 0 ? null : results.join(" ");
  const empty = answers === null && verdict === null;
  const observation = { metric: score, verdict, tree, results: answers, empty };
  state.progress = nextProgress(state.progress, observation, rules);
}
