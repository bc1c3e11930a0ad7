export { clearTimer, closeCall, openCall, setTimer } from "./calls.ts";
export {
  acceptKnown,
  clearFailures,
  countReconciliation,
  endStreak,
  moveWorkspace,
  recordAbsent,
  recordApplied,
  recordIntent,
  recordLate,
  recordNotApplied,
  recordUnknown,
} from "./effect.ts";
export { recordFailure, tellFailure } from "./failure.ts";
export { fromRecipe, recipeOf } from "./from-recipe.ts";
export { finish } from "./outcome.ts";
export { ask, closeQuestion, escalate, requestAbort, resume, setHalted, settle } from "./parking.ts";
export { raiseLimits, reserve, settleUsage, spend } from "./spending.ts";
export {
  Action,
  Effect,
  FailureRecord,
  Feedback,
  initialState,
  LoopState,
  Outcome,
  OutcomeReason,
  Turn,
} from "./state.ts";
export {
  beginStep,
  closeStep,
  nextAction,
  nudge,
  observeRefusal,
  observeResult,
  recordTurn,
  tell,
  voidRest,
} from "./turn.ts";
export { chooseStart, keepBest, measureBaseline, recordVerdict, voidVerdict } from "./verdict.ts";
