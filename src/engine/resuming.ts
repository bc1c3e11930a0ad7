import type { LoopContract } from "../contract/contract.ts";
import { contractText } from "../contract/digest.ts";
import type { RunRecord } from "../ports/store.ts";
import { carriedMemory, continuation, raiseOf } from "./carrying.ts";
import { changesBetween } from "./changes.ts";
import type { EngineCore } from "./core.ts";
import { type HeldRun, holdRun } from "./held-run.ts";
import { underLease } from "./lease.ts";
import { chartOf } from "./machine.ts";
import { openSession, partsOf } from "./parts.ts";
import { type Asked, acceptsChange, refuseResume } from "./refusals.ts";
import { movableRecord, runError } from "./run-record.ts";
import { storedMemory, storedSnapshot } from "./stored.ts";
import type { ResumeOptions } from "./types.ts";
import { say } from "./words.ts";

type Resumed = Asked & { contract: LoopContract; epoch: number };

function contractFor(
  { runs }: EngineCore,
  { id, status }: RunRecord,
  { contract }: ResumeOptions,
): LoopContract {
  const known = contract ?? runs.get(id)?.contract;
  if (known !== undefined) return known;
  if (status === "ended") throw runError(id, `run ${id} has ended`, "give its contract to go beyond a limit");
  throw runError(
    id,
    `the contract of run ${id} is not known here`,
    "give the contract: loopwright resume RUN CONTRACT",
  );
}

/** How the run stands now and what is asked of it; refuses what may not be. */
function examine(core: EngineCore, runId: string, options: ResumeOptions): Omit<Resumed, "epoch"> {
  const { store } = core;
  const record = movableRecord(core, runId);
  const contract = contractFor(core, record, options);
  const changes = changesBetween(store, record, contract, options.contractFile);
  const asked = { record, memory: storedMemory(store, record), options, changes };
  raiseOf(options);
  refuseResume(asked);
  return { ...asked, contract };
}

/** The digests under which the run goes on; a change voids what was granted before. */
function accepted(core: EngineCore, { record, contract, options }: Resumed): RunRecord {
  const { store, clock } = core;
  store.voidGrants(record.id, clock.now());
  const file = options.contractFile ?? record.contractFile ?? undefined;
  return {
    ...record,
    contractDigest: store.putBlob(contractText(contract, file)),
    chartDigest: store.putBlob(chartOf(contract.rules).text),
  };
}

/** A new machine goes on with the memory of the old one. */
async function beginAnew(core: EngineCore, resumed: Resumed): Promise<HeldRun> {
  const { contract, options, memory, epoch } = resumed;
  const session = await openSession(contract, resumed.record);
  const isChange = acceptsChange(resumed);
  const record = isChange ? accepted(core, resumed) : resumed.record;
  const because = isChange ? "changeAccepted" : "limitRaised";
  const about = { because, by: options.by, clock: core.clock } as const;
  const origin = continuation(record, carriedMemory(memory, options), about);
  const parts = partsOf(core, contract, session, record);
  const { snapshot } = parts.fold.begin(origin);
  const run = holdRun(core, { runId: record.id, contract, fold: parts.fold, session, snapshot });
  core.host.begin({ ...record, epoch }, epoch, parts, origin);
  return run;
}

/** The same machine goes on where it was: it hears that it was interrupted, then what the person says. */
async function recover(core: EngineCore, { record, contract, options, epoch }: Resumed): Promise<HeldRun> {
  const { fold } = chartOf(contract.rules);
  const snapshot = storedSnapshot(core.store, record, fold);
  const session = await openSession(contract, record);
  const run = holdRun(core, { runId: record.id, contract, fold, session, snapshot });
  if (record.state === "escalated") {
    const words = { say: options.say?.toWellFormed() ?? null, raise: raiseOf(options) };
    say(core, record.id, options.by, { type: "directive.resume", ...words });
  }
  core.host.recover({ ...record, epoch }, epoch, partsOf(core, contract, session, record));
  return run;
}

/** Goes on with a run of the store. What may not be is refused before anything changes, and again under the lease. */
export function resumeRun(core: EngineCore, runId: string, options: ResumeOptions): Promise<HeldRun> {
  const { contract } = examine(core, runId, options);
  return underLease(core, runId, (epoch) => {
    const resumed = { ...examine(core, runId, { ...options, contract }), epoch };
    const anew = resumed.record.status === "ended" || acceptsChange(resumed);
    return anew ? beginAnew(core, resumed) : recover(core, resumed);
  });
}
