import type { Action } from "../../../actions/state.ts";
import type { ConfirmInput, ExecuteInput, ObserveInput, ReconcileInput } from "../../../machines/calls.ts";
import { digestBytes } from "../../base/digest.ts";
import { bounded } from "../../base/text.ts";
import type { PerformContext } from "../../host/run.ts";
import type { AttemptOutcome, Failure } from "../../ports/tool.ts";
import { resultOf } from "./result.ts";
import { type RunScope, toolContext, toolFor, treeNow } from "./run-scope.ts";

type Attempt = { key: string; attempt?: number; tree: string | null; action: Action };

function prepare(scope: RunScope, request: Attempt, { signal }: PerformContext) {
  const tool = toolFor(scope, request.action);
  return {
    tool,
    input: tool.input.parse(request.action.input),
    context: toolContext(scope, request, signal),
  };
}

const boundedFailure = (failure: Failure): Failure => ({ ...failure, message: bounded(failure.message) });
const failureFields = ({ failure }: Exclude<AttemptOutcome, { outcome: "applied" }>) => ({
  failure: boundedFailure(failure),
  fingerprint: digestBytes(`${failure.errorClass}:${failure.message}`),
});

/** Performs a read. */
export const performObserve =
  (scope: RunScope) =>
  async (request: ObserveInput, perform: PerformContext): Promise<unknown> => {
    const { tool, input, context } = prepare(scope, request, perform);
    const answer = await tool.execute(input, context);
    if (answer.outcome !== "applied") return { outcome: "failed", ...failureFields(answer) };
    return { outcome: "observed", ...resultOf(answer.result) };
  };

/** Dispatches one attempt of an effect. The only caller is the host, after the intent is durable. */
export const performExecute =
  (scope: RunScope) =>
  async (request: ExecuteInput, perform: PerformContext): Promise<unknown> => {
    const { tool, input, context } = prepare(scope, request, perform);
    const answer = await tool.execute(input, context);
    if (answer.outcome !== "applied") return { outcome: answer.outcome, ...failureFields(answer) };
    return { outcome: "applied", ...resultOf(answer.result) };
  };

/** Asks the tool what became of an effect. */
export const performReconcile =
  (scope: RunScope) =>
  async (request: ReconcileInput, perform: PerformContext): Promise<unknown> => {
    const { tool, input, context } = prepare(scope, request, perform);
    if (tool.reconcile === undefined) throw new Error(`the tool ${tool.name} cannot be asked what happened`);
    const answer = await tool.reconcile(input, context);
    if (answer.found === "applied") return { found: "applied", ...resultOf(answer.result) };
    return answer.found === "unknown" ? { ...answer, failure: boundedFailure(answer.failure) } : answer;
  };

/** Checks the post-condition of an applied effect, and looks where the workspace is now. */
export const performConfirm =
  (scope: RunScope) =>
  async (request: ConfirmInput, perform: PerformContext): Promise<unknown> => {
    const { tool, input, context } = prepare(scope, request, perform);
    const confirmed = tool.confirm === undefined || (await tool.confirm(input, request.result, context));
    return {
      confirmed,
      tree: await treeNow(scope),
      detail: confirmed ? null : `${tool.name} is not confirmed`,
    };
  };
