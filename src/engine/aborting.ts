import { callNames } from "../../machines/events.ts";
import { isLoopwrightError } from "../base/errors.ts";
import type { LoopContract } from "../contract/contract.ts";
import type { Performers } from "../host/run.ts";
import type { EngineCore } from "./core.ts";
import { beginLeg, type HeldRun, holdRun } from "./held-run.ts";
import { underLease } from "./lease.ts";
import { chartOf } from "./machine.ts";
import { openSession } from "./parts.ts";
import { movableRecord, runError } from "./run-record.ts";
import { storedSnapshot } from "./stored.ts";
import { tidy } from "./tidy.ts";
import { say } from "./words.ts";

export type AbortWords = { reason: string; by?: string; contract?: LoopContract };

/** A run that only ends calls nobody: not the agent, no verifier, no tool, and its workspace stays shut. */
const performers = Object.fromEntries(
  callNames.map((name) => [name, () => Promise.reject(new Error("the run is being aborted"))]),
) as unknown as Performers;

/** Moves a run that nobody moves just as far as its end: the word is in its inbox already. */
function endHere(core: EngineCore, runId: string, contract: LoopContract): Promise<HeldRun> {
  return underLease(core, runId, async (epoch) => {
    const record = movableRecord(core, runId);
    const { fold } = chartOf(contract.rules);
    const snapshot = storedSnapshot(core.store, record, fold);
    const run = holdRun(core, { runId, contract, fold, session: null, snapshot });
    core.host.recover({ ...record, epoch }, epoch, { fold, performers, businessKeyOf: () => null });
    await run.leg.end;
    tidy(core, async () => (await openSession(contract, record))?.close());
    return run;
  });
}

/** Whoever moves the run finds the word in its inbox. */
function unlessBusy(error: unknown): null {
  if (isLoopwrightError(error) && error.code === "busy") return null;
  throw error;
}

/** Posts an abort, and ends the run here when nobody moves it and its contract is known. Refuses a run that has ended. */
export async function abortRun(core: EngineCore, runId: string, words: AbortWords): Promise<HeldRun | null> {
  const record = movableRecord(core, runId);
  if (record.status === "ended")
    throw runError(runId, `run ${runId} has ended already`, "there is nothing to abort");
  const held = core.runs.get(runId);
  const isHere = core.host.holds(runId);
  if (isHere && held !== undefined) beginLeg(held);
  say(core, runId, words.by, { type: "directive.abort", reason: words.reason.toWellFormed() });
  const contract = words.contract ?? held?.contract;
  if (isHere || contract === undefined) return held ?? null;
  return endHere(core, runId, contract).catch(unlessBusy);
}
