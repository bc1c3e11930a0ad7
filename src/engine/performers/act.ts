import { z } from "zod";
import type { Failure } from "../../../guards/retry.ts";
import type { ActInput } from "../../../machines/calls.ts";
import { asAgentFailure } from "../../agents/index.ts";
import { canonicalJson, digestBytes, digestOf } from "../../base/digest.ts";
import { memoryBytesMax, outputBytesMax, turnBytesMax } from "../../base/limits.ts";
import { bounded } from "../../base/text.ts";
import type { PerformContext } from "../../host/run.ts";
import type { TurnReply, TurnRequest, Usage } from "../../ports/agent.ts";
import type { Json } from "../../ports/json.ts";
import { wellFormed } from "./result.ts";
import { type RunScope, treeNow } from "./run-scope.ts";

const Reply = z.strictObject({
  actions: z.array(z.strictObject({ tool: z.string(), input: z.json() })).default([]),
  claim: z.enum(["done", "stuck"]).optional(),
  note: z.string().optional(),
  usage: z
    .union([z.literal("unknown"), z.strictObject({ tokens: z.int().min(0), costMicroUsd: z.int().min(0) })])
    .default("unknown"),
  transcript: z.string().optional(),
  memory: z.json().optional(),
});
type Parsed = z.infer<typeof Reply>;

type Failed = Pick<Failure, "errorClass" | "message"> & Partial<Failure>;

const failed = ({ errorClass, message, retryAfterMs = null }: Failed, usage: Usage | null = null) => ({
  kind: "failed",
  failure: { errorClass, message: bounded(message), retryAfterMs },
  fingerprint: digestBytes(`${errorClass}:${message}`),
  usage,
  transcript: null,
});

/** What an agent threw: a typed failure says its class and what was used all the same. */
function thrown(error: unknown) {
  const { failure, usage } = asAgentFailure(error);
  return failed(failure, usage === "unknown" ? null : usage);
}

/** What is wrong with a reply although it has the right shape, or `null`. */
function objection(reply: Parsed, { contract }: RunScope): string | null {
  const names = Object.keys(contract.tools);
  const stranger = reply.actions.find(({ tool }) => !names.includes(tool));
  if (stranger !== undefined)
    return `there is no tool "${stranger.tool}"; the tools are: ${names.join(", ") || "none"}`;
  const bytes = Buffer.byteLength(canonicalJson(reply.actions));
  if (bytes > turnBytesMax)
    return `the actions hold ${bytes} bytes, at most ${turnBytesMax} fit; put content into files`;
  const memory = Buffer.byteLength(canonicalJson(reply.memory ?? null));
  if (memory > memoryBytesMax) return `the memory holds ${memory} bytes, at most ${memoryBytesMax} fit`;
  return null;
}

const memoryOf = (scope: RunScope, digest: string | null): Json =>
  digest === null ? null : (JSON.parse(scope.store.blob(digest) ?? "null") as Json);

function requestOf(scope: RunScope, input: ActInput): TurnRequest {
  const { contract } = scope;
  return {
    runId: scope.runId,
    goal: scope.goal,
    step: input.step,
    remaining: input.remaining,
    feedback: input.feedback,
    tools: Object.values(contract.tools).map((tool) => ({
      name: tool.name,
      description: tool.description,
      inputSchema: z.toJSONSchema(tool.input, { unrepresentable: "any" }) as Json,
      effect: tool.effect,
    })),
    directory: scope.session?.path ?? scope.directory,
    memory: memoryOf(scope, input.memory),
  };
}

function turnOf(reply: Parsed, start: string | null, tree: string | null) {
  const actions = reply.actions.map(({ tool, input }) => ({
    tool,
    input,
    digest: digestOf({ tool, input }),
  }));
  const claim = reply.claim ?? null;
  const proposal = digestOf({ actions: actions.map(({ digest }) => digest), claim });
  return { claim, actions, proposal, tree, changed: tree !== start };
}

/** Runs one turn of the agent: workspace put where the turn starts, reply parsed and digested, tree written. */
export const performAct =
  (scope: RunScope) =>
  async (input: ActInput, { signal, onOutput }: PerformContext): Promise<unknown> => {
    const { session, store, contract } = scope;
    if (session !== null && input.start !== null) await session.restore(input.start);
    const start = input.start ?? (await treeNow(scope));
    // A turn that was given up while its workspace was put in place never starts.
    signal.throwIfAborted();
    let answer: TurnReply;
    try {
      answer = await contract.agent.act(requestOf(scope, input), {
        signal,
        processes: scope.processes,
        onOutput: (text) => onOutput("agent", text),
      });
    } catch (error) {
      return thrown(error);
    }
    const parsed = Reply.safeParse(answer);
    if (!parsed.success) {
      return failed({
        errorClass: "invalidArguments",
        message: `the turn is malformed: ${z.prettifyError(parsed.error)}`,
      });
    }
    const reply = wellFormed(parsed.data) as Parsed;
    const usage = reply.usage === "unknown" ? null : reply.usage;
    const problem = objection(reply, scope);
    if (problem !== null) return failed({ errorClass: "invalidArguments", message: problem }, usage);
    return {
      kind: "turn",
      turn: turnOf(reply, start, await treeNow(scope)),
      usage,
      memory: reply.memory === undefined ? input.memory : store.putBlob(canonicalJson(reply.memory)),
      note: reply.note === undefined ? null : bounded(reply.note, 500),
      transcript:
        reply.transcript === undefined ? null : store.putBlob(bounded(reply.transcript, outputBytesMax)),
    };
  };
