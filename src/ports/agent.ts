import type { Json } from "./json.ts";
import type { Containment, ProcessRunner } from "./process.ts";

/** Tokens, and cost in millionths of a dollar; both integers. */
export type Usage = { tokens: number; costMicroUsd: number };

/** What of the run's limits is left when a turn starts. Times in milliseconds, cost in millionths of a dollar. */
export type Remaining = {
  steps: number;
  activeMs: number;
  deadlineMs: number;
  tokens: number;
  costMicroUsd: number;
  actionsPerTurn: number;
  effects: number;
};

/** What the loop tells the agent about what happened since its last turn. Every text is bounded. */
export type Feedback =
  | { kind: "instruction"; text: string }
  | { kind: "verificationFailed"; text: string; score: number | null }
  | { kind: "failure"; errorClass: string; text: string }
  | { kind: "observed"; tool: string; result: Json }
  | { kind: "applied"; tool: string; result: Json }
  | { kind: "alreadyApplied"; tool: string; result: Json }
  | { kind: "denied"; tool: string; text: string }
  | { kind: "nudge"; text: string };

export type ToolDescription = { name: string; description: string; inputSchema: Json; effect: string };

export type TurnRequest = {
  runId: string;
  goal: string;
  /** 1 for the first turn. */
  step: number;
  remaining: Remaining;
  feedback: readonly Feedback[];
  tools: readonly ToolDescription[];
  /** The agent's directory; the runtime has put it into the state in which this turn starts. */
  directory: string;
  /** What this agent returned as `memory` in its last finished turn; `null` at first. It survives crashes. */
  memory: Json;
};

export type ProposedAction = { tool: string; input: Json };

/** What the agent proposes. Actions are proposals only; `done` and `stuck` are claims, and neither is believed unchecked. */
export type TurnReply = {
  actions?: readonly ProposedAction[];
  claim?: "done" | "stuck";
  /** One line for the journal: what this turn tried. */
  note?: string;
  /** Absent or `unknown`: charged at the worst case. */
  usage?: Usage | "unknown";
  /** The conversation or log of the turn, kept beside the journal. */
  transcript?: string;
  /** Handed back at the next turn; at most 1 MiB of JSON. */
  memory?: Json;
};

export type AgentContext = {
  signal: AbortSignal;
  processes: ProcessRunner;
  onOutput: (chunk: string) => void;
};

/** A proposer of actions. It must end soon after `signal` aborts and throw nothing but `AgentFailure`. */
export type Agent = {
  name: string;
  containment: Containment;
  /** The most that one turn can use. Without it the token and cost limits are advisory. */
  maxPerTurn?: Usage;
  act(request: TurnRequest, context: AgentContext): Promise<TurnReply>;
};
