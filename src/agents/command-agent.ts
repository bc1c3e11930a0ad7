import { basename } from "node:path";
import { isLoopwrightError, messageOf } from "../base/errors.ts";
import { messageCharsMax } from "../base/limits.ts";
import type { Agent, AgentContext, TurnReply, TurnRequest, Usage } from "../ports/agent.ts";
import type { Containment, ProcessRequest, ProcessResult } from "../ports/process.ts";
import { AgentFailure, asAgentFailure } from "./agent-failure.ts";
import { type AgentOutput, readEnvelope, readText } from "./envelope.ts";
import { classify } from "./failure-class.ts";
import { promptOf } from "./prompt.ts";
import { oneLine, readProposal } from "./proposal.ts";

export type CommandAgentOptions = {
  /** Program and arguments of the agent; no shell. */
  command: readonly [string, ...string[]];
  /** Default: the program's name. */
  name?: string;
  /** How the agent gets its prompt: on standard input (default) or as the last argument. */
  prompt?: "stdin" | "argument";
  /** Names of the host's environment variables that the agent may see. Default `PATH`, `HOME`, `LANG`. */
  env?: readonly string[];
  /** Further environment variables, by name. */
  set?: Readonly<Record<string, string>>;
  /** Milliseconds of one turn, cut to what the run has left. Default 15 minutes. */
  timeoutMs?: number;
  /** Default `none`: a program with a shell and a network can act outside the gate. `sandbox` shuts it in. */
  containment?: Containment;
  /** The most that one turn can use. Without it the run's token and cost limits are advisory. */
  maxPerTurn?: Usage;
  /** Price of a million tokens at most, in dollars, for agents that report tokens but no cost. */
  usdPerMillionTokens?: number;
  /**
   * How the output is read. `auto` (default) knows the JSON of Claude Code, Codex and Gemini CLI and takes anything else as
   * text; use `text` where a model's words reach standard output bare, so that it cannot write its own bill.
   */
  parse?: "auto" | "text" | ((stdout: string) => AgentOutput);
};

const defaultEnv: readonly string[] = ["PATH", "HOME", "LANG"];

const defaultTimeoutMs = 15 * 60_000;

/** Bytes of one argument that Linux can pass (MAX_ARG_STRLEN, the ending NUL included). */
const argumentBytesMax = 128 * 1024 - 1;

/** Nothing was started, so nothing was used. */
const noUsage: Usage = { tokens: 0, costMicroUsd: 0 };

function environmentOf({ env = defaultEnv, set = {} }: CommandAgentOptions): Record<string, string> {
  const passed = env.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return { ...Object.fromEntries(passed), ...set };
}

function argumentOf(prompt: string): string {
  if (Buffer.byteLength(prompt) > argumentBytesMax) {
    throw new AgentFailure({
      errorClass: "invalidArguments",
      message: `the prompt is larger than the ${argumentBytesMax} bytes of one argument: declare the agent with prompt: "stdin"`,
      usage: noUsage,
    });
  }
  // An argument ends at its first NUL.
  return prompt.replaceAll("\0", "\ufffd");
}

function processRequest(
  options: CommandAgentOptions,
  request: TurnRequest,
  context: AgentContext,
): ProcessRequest {
  const prompt = promptOf(request);
  const { activeMs, deadlineMs } = request.remaining;
  return {
    command: options.prompt === "argument" ? [...options.command, argumentOf(prompt)] : options.command,
    ...(options.prompt !== "argument" && { stdin: prompt }),
    cwd: request.directory,
    env: environmentOf(options),
    timeoutMs: Math.max(1, Math.min(options.timeoutMs ?? defaultTimeoutMs, activeMs, deadlineMs)),
    signal: context.signal,
    onOutput: context.onOutput,
    containment: options.containment ?? "none",
  };
}

async function run(request: ProcessRequest, context: AgentContext): Promise<ProcessResult> {
  try {
    return await context.processes.run(request);
  } catch (error) {
    const refused = isLoopwrightError(error);
    throw new AgentFailure({
      // A missing sandbox is for a person to mend; a system that is out of processes or memory may recover.
      errorClass: refused && error.field === "containment" ? "forbidden" : "unavailable",
      message: refused ? `${error.message}: ${error.fix}` : messageOf(error),
      usage: noUsage,
      cause: error,
    });
  }
}

function outputOf(options: CommandAgentOptions, stdout: string): AgentOutput {
  const { parse = "auto" } = options;
  if (parse === "auto") return readEnvelope(stdout);
  return parse === "text" ? readText(stdout) : parse(stdout);
}

/** Tokens without a price are charged at the stated price, else at the most that a turn can cost. */
function usageOf({ usage }: AgentOutput, options: CommandAgentOptions): Usage | "unknown" {
  if (usage === "unknown") return "unknown";
  const { tokens } = usage;
  const price = options.usdPerMillionTokens;
  const costMicroUsd =
    usage.costMicroUsd ??
    (price === undefined ? options.maxPerTurn?.costMicroUsd : Math.ceil(tokens * price));
  return costMicroUsd === undefined ? "unknown" : { tokens, costMicroUsd };
}

const lastWords = (text: string): string => text.trim().slice(-messageCharsMax);

function failureOf(
  result: ProcessResult,
  output: AgentOutput,
  usage: Usage | "unknown",
): AgentFailure | null {
  const said = lastWords(output.error || result.stderr || output.text);
  switch (result.ended) {
    case "notFound":
      return new AgentFailure({ errorClass: "notFound", message: result.stderr, usage: noUsage });
    case "aborted":
      return new AgentFailure({ errorClass: "cancelled", message: "the turn was aborted", usage });
    case "timedOut":
      return new AgentFailure({
        errorClass: "timeout",
        message: `the agent did not end by itself and was ended after ${Math.round(result.durationMs)} ms. ${said}`,
        usage,
      });
    case "signalled":
      return new AgentFailure({
        ...classify(said),
        message: `the agent was ended by ${result.signal}. ${said}`,
        usage,
      });
    case "exited": {
      if (result.exitCode === 0 && output.error === null) return null;
      const message = `the agent failed with exit code ${result.exitCode}. ${said}`;
      return new AgentFailure({ ...classify(said), message, usage });
    }
  }
}

function replyOf(result: ProcessResult, output: AgentOutput, usage: Usage | "unknown"): TurnReply {
  const reading = readProposal(output.text);
  if ("malformed" in reading) {
    const message = `the proposal at the end of the answer is malformed: ${reading.malformed}`;
    throw new AgentFailure({ errorClass: "invalidArguments", message, usage });
  }
  const note = reading.proposal.note || oneLine(reading.words);
  const transcript =
    result.stderr === "" ? result.stdout : `${result.stdout}\n--- stderr ---\n${result.stderr}`;
  return { ...reading.proposal, ...(note !== "" && { note }), usage, transcript };
}

async function act(
  options: CommandAgentOptions,
  request: TurnRequest,
  context: AgentContext,
): Promise<TurnReply> {
  const result = await run(processRequest(options, request, context), context);
  const output = outputOf(options, result.stdout);
  const usage = usageOf(output, options);
  const failure = failureOf(result, output, usage);
  if (failure !== null) throw failure;
  return replyOf(result, output, usage);
}

/**
 * Makes an agent of any program: it is given a prompt, edits its directory, and may end its answer with a proposal (one JSON
 * object, alone on the last line or in a fenced block; the prompt tells it how). An answer without one is a turn of
 * edits alone. Refuses, as `AgentFailure`, a program that fails, times out or is not found, and a malformed proposal.
 */
export function commandAgent(options: CommandAgentOptions): Agent {
  return {
    name: options.name ?? basename(options.command[0]),
    containment: options.containment ?? "none",
    ...(options.maxPerTurn && { maxPerTurn: options.maxPerTurn }),
    act: (request, context) =>
      act(options, request, context).catch((error: unknown) => {
        throw asAgentFailure(error);
      }),
  };
}
