export { type CallMachine, createCallMachine } from "./call.ts";
export type {
  ActInput,
  AssessInput,
  ConfirmInput,
  ExecuteInput,
  ObserveInput,
  ReconcileInput,
  VerifyInput,
} from "./calls.ts";
export {
  ActReply,
  AssessReply,
  type CallName,
  ConfirmReply,
  callNames,
  Directive,
  ExecuteReply,
  JournalEvent,
  LoopEvent,
  LoopInput,
  ObserveReply,
  Origin,
  ReconcileReply,
  replies,
  VerifyPurpose,
  VerifyReply,
} from "./events.ts";
export { createLoopMachine, type LoopMachine } from "./loop.ts";
export { LoopRules } from "./rules.ts";
