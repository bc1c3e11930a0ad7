import { type Draft, produce } from "immer";
import { initialState, LoopState } from "../../actions/state.ts";
import { turnOf } from "./driving.ts";

/** The memory of a run in its first step, with a turn of two writes. */
export const memory = (change: Partial<LoopState> = {}): LoopState => ({
  ...initialState({ runId: "run", at: 0, baseTree: "T0" }),
  turn: turnOf({ tools: ["write", "safe"] }),
  step: { score: null, verdict: null, tree: null, results: [] },
  ...change,
});

/** The memory after these recipes; it must still be a memory. */
export const changed = (before: LoopState, ...recipes: ((state: Draft<LoopState>) => void)[]): LoopState =>
  LoopState.parse(recipes.reduce((state, recipe) => produce(state, (draft) => recipe(draft)), before));
