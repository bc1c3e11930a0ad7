export {
  type ScriptedAgentOptions,
  type ScriptedReply,
  type ScriptedTurn,
  scriptedAgent,
} from "../agents/index.ts";
export { openMemoryStore } from "../store/index.ts";
export { type Arbitraries, arbitraries, type Inputs } from "./arbitraries/index.ts";
export { type Case, casesOf, type Expected } from "./cases/index.ts";
export { type ContractTestOptions, contractTests } from "./contract-tests.ts";
export { type FakeClock, fakeClock } from "./fake-clock.ts";
export { type FakeWorkspace, fakeWorkspace } from "./fake-workspace.ts";
export { findingsOf } from "./findings.ts";
export { type Rehearsal, rehearse } from "./rehearse.ts";
export { type Happened, linesOf, violationIn } from "./retell.ts";
export { type Crash, endlessTurn, type Script, type ToolScript, type Word } from "./script.ts";
export {
  type ReconcileMode,
  type ScriptedTool,
  type ScriptedToolOptions,
  scriptedTool,
  type ToolCall,
  type ToolMode,
  type ToolRecord,
} from "./scripted-tool.ts";
export {
  type ScriptedVerdict,
  type ScriptedVerifier,
  type ScriptedVerifierOptions,
  scriptedVerifier,
} from "./scripted-verifier.ts";
