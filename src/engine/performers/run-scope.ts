import type { Action } from "../../../actions/state.ts";
import type { Clock } from "../../base/clock.ts";
import { LoopwrightError } from "../../base/errors.ts";
import type { LoopContract } from "../../contract/contract.ts";
import type { ProcessRunner } from "../../ports/process.ts";
import type { GrantRow, Store } from "../../ports/store.ts";
import type { Tool, ToolContext } from "../../ports/tool.ts";
import type { WorkspaceSession } from "../../ports/workspace.ts";

/** What the performers of one run work with. */
export type RunScope = {
  runId: string;
  goal: string;
  directory: string;
  contract: LoopContract;
  session: WorkspaceSession | null;
  processes: ProcessRunner;
  store: Store;
  clock: Clock;
  /** Is this a true grant of an approver: signature, binding, time? */
  isGenuine: (grant: GrantRow) => boolean;
};

/** The declared tool of an action. Throws where there is none; unknown names are refused before an action exists. */
export function toolFor({ contract }: RunScope, action: Action): Tool {
  const tool = contract.tools[action.tool];
  if (tool !== undefined) return tool;
  throw new LoopwrightError({
    code: "internal",
    field: "tools",
    message: `there is no tool "${action.tool}" in the contract any more`,
    fix: "put the tool back, or abort the run",
  });
}

/** The tree of the workspace now; `null` without a workspace. */
export const treeNow = async ({ session }: RunScope): Promise<string | null> =>
  session === null ? null : session.snapshot();

type Attempt = { key: string; attempt?: number; tree: string | null };

export const toolContext = (scope: RunScope, attempt: Attempt, signal: AbortSignal): ToolContext => ({
  key: attempt.key,
  attempt: attempt.attempt ?? 0,
  runId: scope.runId,
  tree: attempt.tree,
  workspace: scope.session,
  signal,
  processes: scope.processes,
});
