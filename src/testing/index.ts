export {
  type ScriptedAgentOptions,
  type ScriptedReply,
  type ScriptedTurn,
  scriptedAgent,
} from "../agents/index.ts";
export { openMemoryStore } from "../store/index.ts";
export { type FakeClock, fakeClock } from "./fake-clock.ts";
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
