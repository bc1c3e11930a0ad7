export {
  type ApprovalInput,
  type ApprovalRefusal,
  ApprovalRules,
  approvingGrants,
  decideApproval,
  Grant,
  isApproved,
} from "./approval.ts";
export {
  type Budget,
  type ContinueInput,
  decideContinue,
  isAtLimit,
  isWithin,
  LimitName,
  Limits,
  limitOf,
  Raise,
  remainingOf,
  Spent,
  Usage,
} from "./continue.ts";
export { type Decision, no, unreachable, yes } from "./decision.ts";
export {
  decideGate,
  effectKeyOf,
  GateFacts,
  type GateInput,
  type GateRefusal,
  isAbsentCertain,
  isConfirmed,
  isConfirmedButMoved,
  isRefused,
  mayAskAgain,
  mayDispatch,
  mayObserve,
} from "./effect.ts";
export { decideResume, EscalateRules, EscalationReason, mayResume, maySettle } from "./escalate.ts";
export { needsApproval, PolicyAnswer, strictest } from "./policy.ts";
export {
  initialProgress,
  isStuck,
  nextProgress,
  ProgressRules,
  ProgressState,
  shouldNudgeProgress,
} from "./progress.ts";
export {
  initialRepetition,
  isRepeating,
  nextRepetition,
  RepetitionRules,
  RepetitionState,
  shouldNudgeRepetition,
} from "./repetition.ts";
export {
  backoffMs,
  decideRetry,
  ErrorClass,
  Failure,
  FailureOrigin,
  isRetryRefused,
  mayRetry,
  type RetryHow,
  type RetryInput,
  type RetryRefusal,
  RetryRules,
} from "./retry.ts";
export { EffectKind, RepeatSafety, Sensitivity, ToolRules } from "./tool.ts";
export { isTurn, type TurnInput, type TurnKind, turnKind } from "./turn.ts";
export {
  decideFresh,
  isFresh,
  isGoalReached,
  isProposalProved,
  isRejected,
  type StaleReason,
  Verdict,
  VerdictResult,
  VerifyRules,
} from "./verify.ts";
