export { type ErrorCode, isLoopwrightError, LoopwrightError } from "./base/errors.ts";
export {
  defineLoop,
  isLoopContract,
  type LoopAnswers,
  type LoopContract,
  loadContract,
  type PolicyRule,
  type Proof,
} from "./contract/index.ts";
export { type EngineOptions, openEngine } from "./engine/engine.ts";
export type {
  ContractChange,
  Engine,
  ResumeOptions,
  RunEnd,
  RunEvent,
  RunHandle,
  RunStatusReport,
  StartOptions,
  VerifyLogReport,
} from "./engine/types.ts";
export type {
  Agent,
  AgentContext,
  Feedback,
  Remaining,
  TurnReply,
  TurnRequest,
  Usage,
} from "./ports/agent.ts";
export type { Json } from "./ports/json.ts";
export type { Containment, ProcessRequest, ProcessResult, ProcessRunner } from "./ports/process.ts";
export type { EffectRow, JournalRow, RunRecord, Store } from "./ports/store.ts";
export type { AttemptOutcome, Failure, ReconcileOutcome, Tool, ToolContext } from "./ports/tool.ts";
export type { Evidence, Verdict, Verifier, VerifyContext, VerifyRequest } from "./ports/verifier.ts";
export type { Change, Checkout, Workspace, WorkspaceSession } from "./ports/workspace.ts";
export { openMemoryStore, openSqliteStore } from "./store/index.ts";
export { gitWorkspace } from "./workspaces/index.ts";
