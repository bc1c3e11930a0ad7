import { setImmediate as nextTurn } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { Turn } from "../../../actions/state.ts";
import { type CallName, callNames, type Directive, type Origin } from "../../../machines/events.ts";
import { createLoopMachine } from "../../../machines/loop.ts";
import { LoopRules } from "../../../machines/rules.ts";
import { genesisHash, verifyRow } from "../../../src/base/chain.ts";
import type { Clock } from "../../../src/base/clock.ts";
import { canonicalJson } from "../../../src/base/digest.ts";
import { createFold, type Fold, type Snapshot } from "../../../src/host/fold.ts";
import { createHost, type Host, type HostOptions } from "../../../src/host/host.ts";
import type { PerformContext, Performers, RunParts } from "../../../src/host/run.ts";
import type { RunCommit, RunRecord, Store } from "../../../src/ports/store.ts";
import { openMemoryStore, openSqliteStore } from "../../../src/store/index.ts";
import { clearFacts, type RulesInput, turnOf } from "../../helpers/driving.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import { tempDirectory } from "../../helpers/temp.ts";

// Hosts over real stores, on a clock that stands still, with performers that are scripts.

/** Both stores, each with what opens a fresh one for the running test. */
export const stores: [name: string, open: () => Store][] = [
  ["memory", openMemoryStore],
  ["sqlite", openFile],
];

function openFile(): Store {
  const store = openSqliteStore({ file: `${tempDirectory("host")}/store.db` });
  onTestFinished(() => store.close());
  return store;
}

export type Perform = (input: never, context: PerformContext) => unknown;
export type Script = Partial<Record<CallName, Perform>>;

/** What a scripted agent returns; by default it proposes to send once and then claims to be done. */
export const turn = (about: Partial<Turn> & { tools?: readonly string[] } = {}) => ({
  kind: "turn",
  turn: turnOf(about),
  usage: { tokens: 1, costMicroUsd: 1 },
  memory: null,
  note: null,
  transcript: null,
});

export const failing = (errorClass = "unavailable") => ({
  failure: { errorClass, message: `it failed: ${errorClass}`, retryAfterMs: null },
  fingerprint: errorClass,
});

export const verdict = (
  { purpose, turn: proposed }: { purpose: string; turn: Turn | null },
  result = "passed",
) => ({
  purpose,
  proposal: proposed?.proposal ?? "",
  tree: proposed?.tree ?? null,
  result,
  fingerprint: result,
  summary: result,
  score: null,
  evidence: "e",
  usage: { tokens: 0, costMicroUsd: 0 },
});

export const facts = (some: Partial<typeof clearFacts> = {}) => ({
  actionDigest: "",
  recorded: null,
  facts: { ...clearFacts, ...some },
});

export const applied = { outcome: "applied", result: "done", resultDigest: "done" };

/** A loop whose every call goes well: it sends once and is done. */
const goingWell: Record<CallName, Perform> = {
  act: ({ step }: { step: number }) => turn(step === 1 ? { tools: ["send"] } : { claim: "done" }),
  verify: (input: Parameters<typeof verdict>[0]) => verdict(input),
  assess: () => facts(),
  observe: () => ({ outcome: "observed", result: "seen", resultDigest: "seen" }),
  execute: () => applied,
  reconcile: () => ({ found: "absent" }),
  confirm: () => ({ confirmed: true, tree: "T1", detail: null }),
};

/** A call that never comes to an end by itself. */
export const endless = () => new Promise<never>(() => {});

/** A promise, and what settles it. */
export function gate<T = unknown>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { promise, open: resolve, fail: reject };
}

export const rulesOf = (rules: RulesInput = {}): LoopRules =>
  LoopRules.parse({
    tools: { send: { effect: "write", repeat: "never" } },
    retry: { backoff: { baseMs: 1_000, factor: 1, maxMs: 1_000 } },
    ...rules,
  });

/** Milliseconds that no test lives through: heartbeats keep real time, whatever the clock says. */
const longLeaseMs = 20 * 24 * 60 * 60_000;

export type StageOptions = {
  store?: Store;
  clock?: Clock;
  owner?: string;
  leaseMs?: number;
  rules?: RulesInput;
  script?: Script;
  /** Milliseconds of the clock that each call takes; default: none. */
  callMs?: number;
  fold?: (fold: Fold) => Fold;
  businessKeyOf?: RunParts["businessKeyOf"];
  onRow?: HostOptions["onRow"];
  onOutput?: HostOptions["onOutput"];
};

type Performed = { name: CallName; runId: string; input: Record<string, unknown>; signal: AbortSignal };
type Released = { runId: string; why: string; error?: unknown };

/** A host on a store, with everything that a test wants to know of it. */
export function stageHost(options: StageOptions = {}) {
  const { store = openMemoryStore(), clock = fakeClock(), owner = "host", leaseMs = longLeaseMs } = options;
  const {
    script = {},
    callMs,
    onRow = () => {},
    onOutput = () => {},
    businessKeyOf = () => null,
    fold: change = (fold) => fold,
  } = options;
  const fold = change(createFold(createLoopMachine(rulesOf(options.rules))));
  const performed: Performed[] = [];
  const released: Released[] = [];
  const host: Host = createHost({
    store,
    clock,
    owner,
    leaseMs,
    onRow,
    onOutput,
    onRelease: (runId, why, error) =>
      released.push({ runId, why, ...(error === undefined ? {} : { error }) }),
  });
  // A dispatch that a test left hanging is not waited for.
  onTestFinished(() => Promise.race([host.close(), settle()]));

  const performers = Object.fromEntries(
    callNames.map((name) => [
      name,
      // Not an async function: what a script throws is thrown at once.
      (input: never, context: PerformContext) => {
        performed.push({ name, runId: context.runId, input, signal: context.signal });
        const answer = (script[name] ?? goingWell[name])(input, context);
        if (callMs === undefined) return answer;
        return new Promise((resolve) => void clock.after(callMs, () => resolve(answer)));
      },
    ]),
  ) as unknown as Performers;
  const parts: RunParts = { fold, performers, businessKeyOf };

  function lease(runId: string): number {
    const answer = store.acquire({ runId, owner, now: clock.now(), ttlMs: leaseMs });
    if ("heldBy" in answer) throw new Error(`${runId} is held by ${answer.heldBy.owner}`);
    return answer.lease.epoch;
  }

  const stage = {
    host,
    store,
    clock,
    parts,
    performed,
    released,
    /** Names of the calls performed, in order. */
    get calls(): string[] {
      return performed.map(({ name }) => name);
    },
    begin(runId = "run"): void {
      const epoch = lease(runId);
      const record = { ...recordOf(runId, clock.now()), epoch };
      host.begin(record, epoch, parts, originOf(record));
    },
    /** The process dies: its lease is free, and nobody hears of it. */
    crash(runId = "run"): void {
      store.release({ runId, owner, epoch: store.run(runId)!.epoch });
    },
    recover(runId = "run"): void {
      const epoch = lease(runId);
      host.recover({ ...store.run(runId)!, epoch }, epoch, parts);
    },
    state: (runId = "run"): string => store.run(runId)!.state,
    snapshot: (runId = "run"): Snapshot => fold.read(store.snapshot(runId)!),
    events: (runId = "run"): string[] => eventsOf(store, runId).map(({ type }) => type),
    reaches: (state: string, runId = "run"): Promise<void> =>
      until(
        () => store.run(runId)?.state === state,
        () => `${runId} is ${store.run(runId)?.state}, not ${state}`,
      ),
  };
  return stage;
}

export const recordOf = (id: string, at: number): RunRecord => ({
  id,
  loop: "staged",
  goal: "goal",
  contractDigest: "contract",
  chartDigest: "chart",
  contractFile: null,
  directory: "/nowhere",
  scratch: "/nowhere",
  status: "running",
  state: "starting",
  outcome: null,
  createdAt: at,
  updatedAt: at,
  length: 0,
  epoch: 0,
});

export const originOf = ({ id, goal, contractDigest, chartDigest, createdAt }: RunRecord): Origin => ({
  type: "run.started",
  at: createdAt,
  input: { at: createdAt, runId: id, baseTree: "T0", turn: null, carried: null },
  goal,
  contractDigest,
  chartDigest,
});

type Event = { type: string; at: number; output?: { at: number } } & Record<string, unknown>;

/** The events of a journal whose rows follow each other. */
export function eventsOf(store: Store, runId = "run"): Event[] {
  const rows = store.journal(runId);
  const problems = rows.map((row, i) => verifyRow(row, rows[i - 1] ?? null)).filter((it) => it !== null);
  if (problems.length > 0 || rows[0]?.previousHash !== genesisHash) throw new Error(problems.join("; "));
  return rows.map(({ event }) => JSON.parse(event));
}

type Words = { type: Directive["type"] } & Record<string, unknown>;

/** Puts a person's word into a run's inbox. */
export const say = (store: Store, at: number, word: Words, runId = "run"): number =>
  store.post({ runId, at, event: canonicalJson({ at, random: 0.5, by: "ann", signed: false, ...word }) });

/** A store that notes every batch that it is asked to commit, and whether it must reach the disk. */
export function noting(store: Store) {
  const batches: (readonly RunCommit[])[] = [];
  const synced: boolean[] = [];
  const commit: Store["commit"] = (batch, options) => {
    batches.push(batch);
    synced.push(options.sync);
    return store.commit(batch, options);
  };
  return { store: { ...store, commit }, batches, synced };
}

/** A store whose method throws, once, as soon as this is so. */
export function failingOnce<Name extends "commit" | "holds">(
  store: Store,
  name: Name,
  when: (...args: Parameters<Store[Name]>) => boolean,
): Store {
  let failed = false;
  const method = (...args: Parameters<Store[Name]>) => {
    if (!failed && when(...args)) {
      failed = true;
      throw new Error("the disk is full");
    }
    return (store[name] as (...all: Parameters<Store[Name]>) => unknown)(...args);
  };
  return { ...store, [name]: method };
}

/** Lets everything happen that can happen without time passing: turns of the event loop, many more than any chain needs. */
export async function settle(turns = 60): Promise<void> {
  for (let i = 0; i < turns; i += 1) await nextTurn();
}

/** Waits until this is so; gives up after ten seconds. */
export async function until(isSo: () => boolean, otherwise = () => "it did not come to be"): Promise<void> {
  const end = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(otherwise());
    await nextTurn();
  }
}

/** Lets what has been answered reach the host's queue, but no fold happen. */
export async function queued(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
