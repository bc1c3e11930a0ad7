export { AgentFailure, type AgentFailureDetails, asAgentFailure } from "./agent-failure.ts";
export { type CommandAgentOptions, commandAgent } from "./command-agent.ts";
export type { AgentOutput } from "./envelope.ts";
export {
  type ScriptedAgentOptions,
  type ScriptedReply,
  type ScriptedTurn,
  scriptedAgent,
} from "./scripted-agent.ts";
