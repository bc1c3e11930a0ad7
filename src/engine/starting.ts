import { resolve } from "node:path";
import type { Origin } from "../../machines/events.ts";
import { LoopwrightError } from "../base/errors.ts";
import { runScratch } from "../base/paths.ts";
import type { LoopContract } from "../contract/contract.ts";
import { contractText } from "../contract/digest.ts";
import type { RunRecord } from "../ports/store.ts";
import type { WorkspaceSession } from "../ports/workspace.ts";
import type { EngineCore } from "./core.ts";
import { type HeldRun, holdRun } from "./held-run.ts";
import { underLease } from "./lease.ts";
import { chartOf } from "./machine.ts";
import { openSession, partsOf } from "./parts.ts";
import { runError } from "./run-record.ts";
import { tidy } from "./tidy.ts";
import type { StartOptions } from "./types.ts";

function goalOf({ goal }: StartOptions): string {
  if (goal.trim() !== "") return goal.toWellFormed();
  throw new LoopwrightError({
    code: "usage",
    field: "goal",
    message: "the goal is empty",
    fix: 'say what the loop is to reach, for example --goal "make the tests pass"',
  });
}

/** The record of a run that is about to begin; contract and chart are kept under their digests. */
function newRecord(core: EngineCore, id: string, contract: LoopContract, start: StartOptions): RunRecord {
  const { store, clock, stateDirectory } = core;
  const now = clock.now();
  return {
    id,
    loop: contract.name,
    goal: goalOf(start),
    contractDigest: store.putBlob(contractText(contract, start.contractFile)),
    chartDigest: store.putBlob(chartOf(contract.rules).text),
    contractFile: start.contractFile === undefined ? null : resolve(start.contractFile),
    directory: resolve(start.directory ?? "."),
    scratch: runScratch(id, stateDirectory),
    status: "running",
    state: "starting",
    outcome: null,
    createdAt: now,
    updatedAt: now,
    length: 0,
    epoch: 0,
  };
}

function originOf(record: RunRecord, session: WorkspaceSession | null): Origin {
  const { id: runId, goal, contractDigest, chartDigest, createdAt: at } = record;
  const input = { at, runId, baseTree: session?.base.tree ?? null, turn: null, carried: null };
  return { type: "run.started", at, input, goal, contractDigest, chartDigest };
}

export type NewRun = { record: RunRecord; session: WorkspaceSession | null; origin: Origin };

/**
 * Makes everything of a new run up to its first row, and hands it on; a workspace whose run did not come to be is taken
 * away again. Refuses an empty goal, an id that is no plain name, and one that is taken.
 */
export async function newRun<T>(
  core: EngineCore,
  { contract, start }: { contract: LoopContract; start: StartOptions },
  begin: (made: NewRun) => T,
): Promise<T> {
  const id = start.id ?? core.clock.id();
  const refuseTaken = (): void => {
    if (core.store.run(id) === null) return;
    throw runError(id, `there is a run ${id} already`, "leave --id out, or choose another");
  };
  refuseTaken();
  const made = newRecord(core, id, contract, start);
  return underLease(core, id, async (epoch) => {
    refuseTaken();
    const record = { ...made, epoch };
    const session = await openSession(contract, record);
    try {
      return begin({ record, session, origin: originOf(record, session) });
    } catch (error) {
      tidy(core, () => session?.close());
      throw error;
    }
  });
}

/** Starts a run: its first row is durable when this returns. */
export const startRun = (core: EngineCore, contract: LoopContract, start: StartOptions): Promise<HeldRun> =>
  newRun(core, { contract, start }, ({ record, session, origin }) => {
    const parts = partsOf(core, contract, session, record);
    const { snapshot } = parts.fold.begin(origin);
    const run = holdRun(core, { runId: record.id, contract, fold: parts.fold, session, snapshot });
    try {
      core.host.begin(record, record.epoch, parts, origin);
    } catch (error) {
      core.runs.delete(record.id);
      throw error;
    }
    return run;
  });
