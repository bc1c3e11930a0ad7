import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "../base/errors.ts";
import type { LoopContract } from "../contract/contract.ts";
import { endOf } from "../engine/end.ts";
import { openEngine } from "../engine/engine.ts";
import { chartOf } from "../engine/machine.ts";
import { storedSnapshot } from "../engine/stored.ts";
import type { Engine, RunEnd, VerifyLogReport } from "../engine/types.ts";
import type { EffectRow, RunRecord, Store } from "../ports/store.ts";
import { openMemoryStore } from "../store/index.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { createLife, type Life } from "./life.ts";
import { say } from "./people.ts";
import { type Happened, retold } from "./retell.ts";
import type { Crash, Script, Word } from "./script.ts";
import type { ToolRecord } from "./scripted-tool.ts";
import { type StandIn, standInFor } from "./stand-in.ts";

/** What became of a rehearsed run. */
export type Rehearsal = {
  /** How the run stands at the end of the script. */
  end: RunEnd;
  /** Each row of the journal: the event, where it led, and what was called. */
  happened: readonly Happened[];
  /** What truly happened behind each tool, by its name. */
  tools: Readonly<Record<string, ToolRecord>>;
  /** The ledger's rows of this run. */
  effects: readonly EffectRow[];
  /** Whether chain and fold of the journal hold. */
  log: VerifyLogReport;
  /** Words that the engine refused, in its own words. */
  refused: readonly string[];
  /** Milliseconds of the clock that the run took. */
  tookMs: number;
};

/** Milliseconds of a lease, longer than any rehearsed run: heartbeats keep real time, whatever the clock says. */
const leaseMs = 60 * 24 * 60 * 60_000;

/** Alarms after which a run counts as one that never rests. */
const alarmsMax = 20_000;

/** Turns of the event loop without a new row after which nothing more comes without time passing. */
const quietTurns = 8;

/** No rehearsed part starts a process. */
const processes = {
  run: () => Promise.reject(new Error("a rehearsal starts no processes")),
  sandbox: async () => ({
    available: false as const,
    reason: "a rehearsal has none",
    fix: "run it for real",
  }),
  close: async () => {},
};

type Stage = StandIn & {
  script: Script;
  store: Store;
  clock: FakeClock;
  runId: string;
  refused: string[];
};

/** A process that moves the run, and the contract as this process calls it. */
type Process = { life: Life; engine: Engine; contract: LoopContract };

/** Does this commit bring the run to where its process is to be killed? */
function crashPoint(runId: string, crash: Crash | undefined) {
  const { state, nth = 1 } =
    typeof crash === "string"
      ? { state: crash }
      : { state: "", ...(crash as { state?: string; nth?: number }) };
  let seen = 0;
  return (committed: readonly { runId: string; state: string }[]): boolean => {
    seen += committed.filter((one) => one.runId === runId && one.state === state).length;
    return crash !== undefined && seen >= nth && committed.some((one) => one.state === state);
  };
}

async function openProcess(stage: Stage, crash?: Crash): Promise<Process> {
  const { store, clock, runId } = stage;
  const life = createLife({ store, clock, endsAfter: crashPoint(runId, crash) });
  const engine = await openEngine({
    store: life.store,
    clock: life.clock,
    processes,
    stateDirectory: join(tmpdir(), "loopwright-rehearsal"),
    leaseMs,
    // Signatures are not rehearsed: whatever lies in this store, the script has put there.
    isGenuine: () => true,
  });
  const isSent = typeof crash === "object" && "sent" in crash;
  return { life, engine, contract: isSent ? killOnSend(stage, life) : stage.contract };
}

/** Lets everything happen that can happen without time passing. */
async function quiet({ store, runId }: Stage): Promise<void> {
  const length = () => store.run(runId)?.length ?? 0;
  let seen = -1;
  for (let turns = 0; turns < quietTurns; turns += 1) {
    if (length() !== seen) turns = 0;
    seen = length();
    await nextTurn();
  }
}

/** The process is killed as soon as a tool has got a call: the answer reaches nobody. */
function killOnSend({ contract }: StandIn, life: Life): LoopContract {
  const tools = Object.entries(contract.tools).map(([name, tool]) => {
    const execute: typeof tool.execute = async (...given) => {
      await tool.execute(...given).catch(() => {});
      life.end();
      return new Promise<never>(() => {});
    };
    return [name, { ...tool, execute }];
  });
  return { ...contract, tools: Object.fromEntries(tools) };
}

/** Does the run move by itself? One that was handed off waits for a word, and resuming it would be one. */
const moves = ({ status, state }: RunRecord): boolean => status !== "ended" && state !== "escalated";

/** Starts the run, or goes on with it where an earlier process was killed. Dying on the way is no error. */
async function move({ runId: id, store }: Stage, { life, engine, contract }: Process): Promise<void> {
  try {
    const record = store.run(id);
    if (record === null) await engine.start(contract, { goal: "the rehearsed goal", id });
    else if (moves(record)) await engine.resume(id, { contract });
  } catch (error) {
    if (!life.isOver) throw error;
  }
}

const isAbort = (word: Word | undefined, state: string): boolean =>
  typeof word === "object" && "abortIn" in word && word.abortIn === state;

async function speak(stage: Stage, { life, engine, contract }: Process, word: Word): Promise<void> {
  try {
    await say({ ...stage, engine, contract }, word);
  } catch (error) {
    if (!life.isOver) stage.refused.push(messageOf(error));
  }
}

/** Lets the next alarm ring. */
function passTime({ clock, store, runId }: Stage): void {
  const waiting = clock.waiting();
  if (waiting.length === 0) throw new Error(`the run stands still in ${store.run(runId)?.state}`);
  clock.advance(Math.max(0, Math.min(...waiting)));
}

/** Moves the run until it rests and nobody has anything more to say. */
async function live(stage: Stage): Promise<Process> {
  const { script, store, runId } = stage;
  const words = [...(script.people ?? [])];
  const crashes = [...(script.crashes ?? [])];
  const begin = async (): Promise<Process> => {
    const opened = await openProcess(stage, crashes.shift());
    await move(stage, opened);
    return opened;
  };
  let process = await begin();
  for (let alarms = 0; alarms < alarmsMax; alarms += 1) {
    await quiet(stage);
    const record = store.run(runId);
    if (process.life.isOver) {
      // What a dead process has left running is of no interest to anybody.
      void process.engine.close().catch(() => {});
      process = await begin();
    } else if (record?.status === "running" && !isAbort(words[0], record.state)) {
      passTime(stage);
    } else if (words.length === 0) {
      return process;
    } else {
      await speak(stage, process, words.shift()!);
    }
  }
  throw new Error(`the run did not come to rest: ${store.run(runId)?.state}`);
}

async function rehearseOne(stage: Stage): Promise<Rehearsal> {
  const { store, runId, contract, clock, refused } = stage;
  const start = clock.now();
  const { engine } = await live(stage);
  const { fold } = chartOf(contract.rules);
  const record = store.run(runId)!;
  const snapshot = storedSnapshot(store, record, fold);
  const rehearsal: Rehearsal = {
    end: endOf(store, record, snapshot),
    happened: retold(store, runId, fold),
    tools: Object.fromEntries(Object.entries(stage.tools).map(([name, { record: one }]) => [name, one])),
    effects: store.effects(runId),
    log: engine.verifyLog(runId, contract),
    refused,
    tookMs: clock.now() - start,
  };
  // A call that hangs for ever would keep it from closing.
  void engine.close().catch(() => {});
  return rehearsal;
}

/**
 * Plays a script to a contract on the real engine: its chart, host, journal and ledger, over a store in memory and a clock
 * that is moved as soon as nothing else happens. Agent, verifiers, tools and workspace are scripts; rules, schemas, policy
 * and business keys are the contract's own. Throws where the run neither moves nor rests.
 */
export async function rehearse(contract: LoopContract, script: Script = {}): Promise<Rehearsal> {
  const store = openMemoryStore();
  const clock = fakeClock();
  for (const [i, before] of (script.before ?? []).entries()) {
    const played = standInFor(contract, before, clock);
    await rehearseOne({ ...played, script: before, store, clock, runId: `before-${i + 1}`, refused: [] });
  }
  if (script.halted === true) store.halt(contract.name, "the script halts it", clock.now());
  const played = standInFor(contract, script, clock);
  return rehearseOne({ ...played, script, store, clock, runId: "run", refused: [] });
}
