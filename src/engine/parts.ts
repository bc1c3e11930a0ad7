import type { ExecuteInput } from "../../machines/calls.ts";
import type { LoopContract } from "../contract/contract.ts";
import type { RunParts } from "../host/run.ts";
import type { RunRecord } from "../ports/store.ts";
import type { WorkspaceSession } from "../ports/workspace.ts";
import type { EngineCore } from "./core.ts";
import { chartOf } from "./machine.ts";
import { businessKeyOf } from "./performers/assess.ts";
import { performersOf } from "./performers/index.ts";

/** Opens the workspace of a run, where the contract has one. */
export const openSession = async (
  contract: LoopContract,
  { id: runId, directory, scratch }: RunRecord,
): Promise<WorkspaceSession | null> =>
  (await contract.workspace?.open({ runId, directory, scratch })) ?? null;

/** What the host needs to move a run: its chart, and performers that know contract, workspace, store and processes. */
export function partsOf(
  { store, clock, processes, isGenuine }: EngineCore,
  contract: LoopContract,
  session: WorkspaceSession | null,
  { id: runId, goal, directory }: RunRecord,
): RunParts {
  const about = { runId, goal, directory, contract, session };
  return {
    fold: chartOf(contract.rules).fold,
    performers: performersOf({ ...about, processes, store, clock, isGenuine }),
    businessKeyOf: ({ action }: ExecuteInput) => {
      const tool = contract.tools[action.tool];
      return tool === undefined ? null : businessKeyOf(tool, tool.input.parse(action.input));
    },
  };
}
