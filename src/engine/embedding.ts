import { Origin } from "../../machines/events.ts";
import { genesisHash } from "../base/chain.ts";
import type { LoopContract } from "../contract/contract.ts";
import type { RunRecord } from "../ports/store.ts";
import { changesBetween } from "./changes.ts";
import type { EngineCore } from "./core.ts";
import { underLease } from "./lease.ts";
import { chartOf } from "./machine.ts";
import { nativeActors } from "./native.ts";
import { openSession, partsOf } from "./parts.ts";
import { nativeState, runError } from "./run-record.ts";
import { type NewRun, newRun } from "./starting.ts";
import type { Embedded, StartOptions } from "./types.ts";

type Opened = { contract: LoopContract; record: RunRecord; origin: Origin };

/** A run that was embedded before, in a process that is gone: its ledger goes on. */
function known({ store }: EngineCore, contract: LoopContract, { id }: StartOptions): Opened | null {
  const record = id === undefined ? null : store.run(id);
  if (record?.state !== nativeState) return null;
  if (changesBetween(store, record, contract).length > 0)
    throw runError(
      record.id,
      `run ${record.id} was embedded under another contract`,
      "embed it under that one",
    );
  return {
    contract,
    record,
    origin: Origin.parse(JSON.parse(store.journal(record.id, { limit: 1 })[0]!.event)),
  };
}

/** A run that was embedded before goes on with its journal. */
const embedAgain = (core: EngineCore, { contract, record, origin }: Opened): Promise<Embedded> =>
  underLease(core, record.id, async (epoch) => {
    const { length, id } = record;
    const last = core.store.journal(id, { after: length - 1, limit: 1 })[0];
    const session = await openSession(contract, record);
    return lend(core, contract, {
      record: { ...record, epoch },
      session,
      origin,
      journal: { length, hash: last?.hash ?? genesisHash },
    });
  });

type Lent = NewRun & { journal: { length: number; hash: string } };

function lend(
  core: EngineCore,
  contract: LoopContract,
  { record, session, origin, journal }: Lent,
): Embedded {
  const { store, clock, embedded } = core;
  const { id: runId, epoch } = record;
  const parts = partsOf(core, contract, session, record);
  const isNew = journal.length === 0;
  const actors = nativeActors({ store, record, epoch, parts, clock, journal }, isNew ? origin : undefined);
  embedded.set(runId, epoch);
  return { runId, machine: chartOf(contract.rules).machine, actors, input: origin.input };
}

/** Lends the actors of a run to a machine of somebody else's: a new run, or one that was embedded before. */
export async function embedRun(
  core: EngineCore,
  contract: LoopContract,
  start: StartOptions,
): Promise<Embedded> {
  const before = known(core, contract, start);
  if (before !== null) return embedAgain(core, before);
  const journal = { length: 0, hash: genesisHash };
  return newRun(core, { contract, start }, (made) => lend(core, contract, { ...made, journal }));
}
