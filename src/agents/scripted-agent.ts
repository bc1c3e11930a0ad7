import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import type { Agent, AgentContext, TurnReply, TurnRequest, Usage } from "../ports/agent.ts";
import type { Containment } from "../ports/process.ts";
import { AgentFailure, asAgentFailure } from "./agent-failure.ts";

/** A reply, and what it writes into the agent's directory first: text by path, `null` deletes. */
export type ScriptedReply = TurnReply & { files?: Readonly<Record<string, string | null>> };

/** One turn of a script: a reply, a failure, or what makes a reply of the request. */
export type ScriptedTurn =
  | ScriptedReply
  | AgentFailure
  | ((request: TurnRequest, context: AgentContext) => ScriptedReply | Promise<ScriptedReply>);

export type ScriptedAgentOptions = {
  turns: readonly ScriptedTurn[];
  /** Default `scripted`. */
  name?: string;
  maxPerTurn?: Usage;
  /** Default `workspace`: a script writes into its directory; functions among its turns must keep to that. */
  containment?: Containment;
  /** Every turn after the last. Default: claims to be stuck. */
  onExhausted?: ScriptedTurn;
};

const stuck: ScriptedReply = { claim: "stuck", note: "the script has no more turns" };

/** No model is asked, so nothing is used unless the script says so. */
const noUsage: Usage = { tokens: 0, costMicroUsd: 0 };

function inside(directory: string, path: string): string {
  const file = resolve(directory, path);
  const way = relative(directory, file);
  if (way !== "" && way !== ".." && !way.startsWith(`..${sep}`)) return file;
  throw new AgentFailure({
    errorClass: "invalidArguments",
    message: `the script writes outside of the agent's directory: ${path}`,
    usage: noUsage,
  });
}

async function writeOne(file: string, content: string | null): Promise<void> {
  if (content === null) return rm(file, { recursive: true, force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

const aborted = (): AgentFailure =>
  new AgentFailure({ errorClass: "cancelled", message: "the turn was aborted", usage: noUsage });

/** The promise, unless the signal aborts first. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolvePromise, reject) => {
    const onAbort = (): void => reject(aborted());
    signal.addEventListener("abort", onAbort, { once: true });
    void work.then(resolvePromise, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

async function replyOf(turn: ScriptedTurn, request: TurnRequest, context: AgentContext): Promise<TurnReply> {
  if (context.signal.aborted) throw aborted();
  if (turn instanceof AgentFailure) throw turn;
  const { files = {}, ...reply } = typeof turn === "function" ? await turn(request, context) : turn;
  // A reply that comes too late must not write into what may be the next turn's directory.
  if (context.signal.aborted) throw aborted();
  for (const [path, content] of Object.entries(files))
    await writeOne(inside(request.directory, path), content);
  return { usage: noUsage, ...reply };
}

/**
 * An agent that plays a script, for tests and demos. Its turn is chosen by the step of the run and not by counting calls,
 * so that a run which was killed and resumed goes on with the right one.
 */
export function scriptedAgent(options: ScriptedAgentOptions): Agent {
  const { turns, name = "scripted", containment = "workspace", maxPerTurn, onExhausted = stuck } = options;
  return {
    name,
    containment,
    ...(maxPerTurn && { maxPerTurn }),
    async act(request, context) {
      const turn = turns[request.step - 1] ?? onExhausted;
      try {
        return await untilAborted(replyOf(turn, request, context), context.signal);
      } catch (error) {
        throw asAgentFailure(error);
      }
    },
  };
}
