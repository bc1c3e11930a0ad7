import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { LoopState } from "../../actions/state.ts";
import type { ExecuteInput } from "../../machines/calls.ts";
import type { Directive, Origin } from "../../machines/events.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import type { Clock } from "../base/clock.ts";
import { canonicalJson } from "../base/digest.ts";
import { isLoopwrightError, LoopwrightError } from "../base/errors.ts";
import { defaultStoreFile, runScratch, stateDirectory } from "../base/paths.ts";
import { systemClock } from "../base/system-clock.ts";
import type { LoopContract } from "../contract/contract.ts";
import { contractText } from "../contract/digest.ts";
import { type Fold, type Snapshot, stateName } from "../host/fold.ts";
import { createHost, leaseMsDefault } from "../host/host.ts";
import type { RunParts } from "../host/run.ts";
import type { ProcessRunner } from "../ports/process.ts";
import type { GrantRow, Lease, RunRecord, Store } from "../ports/store.ts";
import type { WorkspaceSession } from "../ports/workspace.ts";
import { clearLeftovers, openProcesses } from "../process/index.ts";
import { openSqliteStore } from "../store/index.ts";
import { changesBetween } from "./changes.ts";
import { endOf, releasedEnd } from "./end.ts";
import { createFeed, readEvents } from "./feed.ts";
import { chartOf } from "./machine.ts";
import { embed } from "./native.ts";
import { describeOwner, isSurelyDead, ownerName } from "./owner.ts";
import { businessKeyOf } from "./performers/assess.ts";
import { performersOf } from "./performers/index.ts";
import { callIn, remainingLimits, statusReport } from "./status.ts";
import type { Engine, ResumeOptions, RunEnd, RunEvent, RunHandle, StartOptions } from "./types.ts";
import { foldableFrom, foldRow, rowsOf, verifyLog } from "./verify-log.ts";

export type EngineOptions = {
  /** A store, or the file of one. Default: `LOOPWRIGHT_STORE`, else the user's state directory. */
  store?: Store | string;
  clock?: Clock;
  /** Runs child processes. Default: under a supervisor that kills them with this process. */
  processes?: ProcessRunner & { close(): Promise<void> };
  /** Where scratch directories of runs lie. Default: the user's state directory. */
  stateDirectory?: string;
  /** Tells genuine grants from rows that somebody wrote. Default: none is genuine, so every question stays open. */
  isGenuine?: (grant: GrantRow) => boolean;
  /** Milliseconds that a run's lease lasts without a heartbeat. Default 15,000. */
  leaseMs?: number;
};

/** What the engine holds of a run that it moves. */
type Held = {
  contract: LoopContract;
  fold: Fold;
  session: WorkspaceSession | null;
  snapshot: Snapshot;
  rest: (end: RunEnd) => void;
  fail: (error: unknown) => void;
  end: Promise<RunEnd>;
};

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
};

const runError = (message: string, fix: string, runId: string, code: "run" | "busy" = "run") =>
  new LoopwrightError({ code, field: runId, message, fix });

/** Opens the engine: store, processes, host. Clears what dead hosts left behind. Throws `LoopwrightError`. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { clock = systemClock, leaseMs = leaseMsDefault, isGenuine = () => false } = options;
  const base = options.stateDirectory ?? stateDirectory();
  const registryDirectory = join(base, "hosts");
  const store =
    typeof options.store === "object"
      ? options.store
      : openSqliteStore({ file: options.store ?? defaultStoreFile() });
  await clearLeftovers(registryDirectory);
  const processes =
    options.processes ?? openProcesses({ registryDirectory, hidden: store.durable ? [store.location] : [] });
  const owner = ownerName();
  const feed = createFeed();
  const held = new Map<string, Held>();

  const recordOf = (runId: string): RunRecord => {
    const record = store.run(runId);
    if (record !== null) return record;
    throw runError(
      `there is no run ${runId} in ${store.location}`,
      "see all runs with: loopwright list",
      runId,
    );
  };

  const host = createHost({
    store,
    clock,
    owner,
    leaseMs,
    onRow(runId, row, snapshot) {
      const run = held.get(runId);
      if (run === undefined) return;
      run.snapshot = snapshot;
      feed.publish(runId, journalEvent(run.contract, row, snapshot));
      const record = recordOf(runId);
      // A word that is already on its way may move a parked run on.
      if (record.status === "running" || (record.status === "parked" && store.directives([runId]).length > 0))
        return;
      run.rest(endOf(store, record, snapshot));
      feed.publish(runId, null);
      if (record.status === "ended") void run.session?.close();
    },
    onOutput: (runId, source, text) =>
      feed.publish(runId, { kind: "output", runId, at: clock.now(), source, text }),
    onRelease(runId, why, error) {
      const run = held.get(runId);
      if (run === undefined) return;
      if (error === undefined) run.rest(releasedEnd(store, recordOf(runId), run.snapshot, why));
      else run.fail(error);
      feed.publish(runId, null);
    },
  });

  const journalEvent = (
    contract: LoopContract,
    row: { runId: string; seq: number; at: number; event: string },
    snapshot: Snapshot,
  ): Extract<RunEvent, { kind: "journal" }> => {
    const { runId, seq, at } = row;
    const state = stateName(snapshot.value);
    const remaining = remainingLimits(snapshot.context, contract, at);
    return {
      kind: "journal",
      runId,
      seq,
      at,
      event: JSON.parse(row.event),
      state,
      remaining,
      call: callIn(state),
    };
  };

  /** Rows after `after`, each with the state it led to: the journal is folded again from where the present machine began. */
  function* storedEvents(runId: string, contract: LoopContract, fold: Fold, after: number) {
    let snapshot: Snapshot | null = null;
    for (const row of rowsOf(store, runId, foldableFrom(store, runId) - 1)) {
      snapshot = foldRow(fold, snapshot, row);
      if (row.seq > after) yield journalEvent(contract, row, snapshot);
    }
  }

  function acquire(runId: string): Lease {
    const request = { runId, owner, now: clock.now(), ttlMs: leaseMs };
    let answer = store.acquire(request);
    if ("heldBy" in answer && isSurelyDead(answer.heldBy.owner)) {
      store.release({ runId, owner: answer.heldBy.owner, epoch: answer.heldBy.epoch });
      answer = store.acquire(request);
    }
    if ("lease" in answer) return answer.lease;
    const { owner: other } = answer.heldBy;
    throw runError(
      `run ${runId} is being moved by ${describeOwner(other)}`,
      "wait for it, or end it with: loopwright abort",
      runId,
      "busy",
    );
  }

  /** Opens the run's workspace; the lease is given back when it cannot be had. */
  async function openSession(
    contract: LoopContract,
    record: RunRecord,
    epoch: number,
  ): Promise<WorkspaceSession | null> {
    const { id: runId, directory, scratch } = record;
    try {
      return (await contract.workspace?.open({ runId, directory, scratch })) ?? null;
    } catch (error) {
      store.release({ runId, owner, epoch });
      throw error;
    }
  }

  function hold(
    contract: LoopContract,
    fold: Fold,
    session: WorkspaceSession | null,
    snapshot: Snapshot,
    runId: string,
  ): Held {
    let rest: Held["rest"] = () => {};
    let fail: Held["fail"] = () => {};
    const end = new Promise<RunEnd>((resolvePromise, rejectPromise) => {
      rest = resolvePromise;
      fail = rejectPromise;
    });
    end.catch(() => {});
    const run = { contract, fold, session, snapshot, rest, fail, end };
    held.set(runId, run);
    return run;
  }

  function partsOf(
    contract: LoopContract,
    fold: Fold,
    session: WorkspaceSession | null,
    record: RunRecord,
  ): RunParts {
    const scope = {
      runId: record.id,
      goal: record.goal,
      directory: record.directory,
      contract,
      session,
      processes,
      store,
      clock,
      isGenuine,
    };
    return {
      fold,
      performers: performersOf(scope),
      businessKeyOf: ({ action }: ExecuteInput) => {
        const tool = contract.tools[action.tool];
        return tool === undefined ? null : businessKeyOf(tool, tool.input.parse(action.input));
      },
    };
  }

  function handleOf(runId: string): RunHandle {
    const run = held.get(runId)!;
    return {
      id: runId,
      end: run.end,
      status: () => engine.status(runId, run.contract),
      events: ({ after = 0, signal } = {}) =>
        readEvents({
          feed,
          runId,
          after,
          stored: (cursor) => storedEvents(runId, run.contract, run.fold, cursor),
          rests: () => !host.holds(runId) || recordOf(runId).status !== "running",
          ...(signal === undefined ? {} : { signal }),
        }),
      abort: async (words) => {
        await engine.abort(runId, words);
        return run.end;
      },
      pause: async () => {
        await host.pause(runId);
        return run.end;
      },
    };
  }

  const post = (runId: string, directive: Directive): void => {
    store.post({ runId, at: directive.at, event: canonicalJson(directive) });
    host.poll();
  };

  const word = (by: string | undefined) => ({
    at: clock.now(),
    random: clock.random(),
    by: by ?? userName(),
    signed: false,
  });

  /** A new machine over the memory of an old one: after an accepted change, or to go on beyond a limit. */
  function continued(
    record: RunRecord,
    carried: LoopState,
    because: "changeAccepted" | "limitRaised",
    by: string | undefined,
  ): Origin {
    const at = Math.max(clock.now(), record.updatedAt);
    const input = { at, runId: record.id, baseTree: carried.workspace.base, turn: null, carried };
    const { contractDigest: contract, chartDigest: chart } = record;
    return {
      type: "run.continued",
      at,
      input,
      because,
      by: by ?? userName(),
      signed: false,
      contractDigest: contract,
      chartDigest: chart,
    };
  }

  const engine: Engine = {
    store,

    async start(contract: LoopContract, start: StartOptions) {
      const { record, session, origin, fold, epoch } = await newRun(contract, start);
      hold(contract, fold, session, fold.begin(origin).snapshot, record.id);
      host.begin(record, epoch, partsOf(contract, fold, session, record), origin);
      return handleOf(record.id);
    },

    async embed(contract: LoopContract, start: StartOptions) {
      const { record, session, origin, fold, epoch } = await newRun(contract, start);
      const parts = partsOf(contract, fold, session, record);
      const machine = createLoopMachine(contract.rules);
      const actors = embed({ store, record, epoch, parts, clock }, origin);
      return { runId: record.id, machine, actors, input: origin.input };
    },

    async resume(runId: string, resume: ResumeOptions = {}) {
      const record = recordOf(runId);
      const contract = resume.contract ?? held.get(runId)?.contract;
      if (contract === undefined) {
        throw runError(
          `the contract of run ${runId} is not known here`,
          "give the contract: loopwright resume RUN CONTRACT",
          runId,
        );
      }
      return resumeRun(record, contract, resume);
    },

    list: (filter) => store.runs(filter),

    status(runId, contract) {
      const record = recordOf(runId);
      const { fold } = chartOf(contract.rules);
      const snapshot = fold.read(store.snapshot(runId)!);
      return statusReport({ store, record, snapshot, contract, now: clock.now() });
    },

    changes: (runId, contract, contractFile) =>
      changesBetween(store, recordOf(runId), contract, contractFile),

    async abort(runId, { reason, by, contract }) {
      const record = recordOf(runId);
      if (record.status === "ended")
        throw runError(`run ${runId} has ended already`, "there is nothing to abort", runId);
      post(runId, { type: "directive.abort", ...word(by), reason });
      if (host.holds(runId) || contract === undefined) return;
      const handle = await resumeRun(
        recordOf(runId),
        contract,
        { ...(by === undefined ? {} : { by }) },
        "quietly",
      ).catch((error: unknown) => {
        // Whoever moves the run finds the word in its inbox.
        if (isLoopwrightError(error) && error.code === "busy") return null;
        throw error;
      });
      await handle?.end;
    },

    verifyLog(runId, contract) {
      recordOf(runId);
      return verifyLog(store, runId, chartOf(contract.rules).fold);
    },

    async close() {
      await host.close();
      await processes.close();
      store.close();
    },
  };

  /** Everything of a new run up to its first row: lease, workspace, record and origin. */
  async function newRun(contract: LoopContract, start: StartOptions) {
    if (start.goal.trim() === "") {
      throw new LoopwrightError({
        code: "usage",
        field: "goal",
        message: "the goal is empty",
        fix: 'say what the loop is to reach, for example --goal "make the tests pass"',
      });
    }
    const id = start.id ?? clock.id();
    if (store.run(id) !== null)
      throw runError(`there is a run ${id} already`, "leave --id out, or choose another", id);
    const { fold, text } = chartOf(contract.rules);
    const now = clock.now();
    const record: RunRecord = {
      id,
      loop: contract.name,
      goal: start.goal,
      contractDigest: store.putBlob(contractText(contract, start.contractFile)),
      chartDigest: store.putBlob(text),
      contractFile: start.contractFile === undefined ? null : resolve(start.contractFile),
      directory: resolve(start.directory ?? "."),
      scratch: runScratch(id, base),
      status: "running",
      state: "starting",
      outcome: null,
      createdAt: now,
      updatedAt: now,
      length: 0,
      epoch: 0,
    };
    const { epoch } = acquire(id);
    const session = await openSession(contract, record, epoch);
    const input = { at: now, runId: id, baseTree: session?.base.tree ?? null, turn: null, carried: null };
    const { contractDigest, chartDigest } = record;
    const origin: Origin = {
      type: "run.started",
      at: now,
      input,
      goal: start.goal,
      contractDigest,
      chartDigest,
    };
    return { record: { ...record, epoch }, session, origin, fold, epoch };
  }

  async function resumeRun(
    record: RunRecord,
    contract: LoopContract,
    resume: ResumeOptions,
    how: "normally" | "quietly" = "normally",
  ): Promise<RunHandle> {
    const { id: runId } = record;
    const changes = changesBetween(store, record, contract, resume.contractFile);
    if (changes.length > 0 && resume.acceptChange !== true && how === "normally") {
      throw runError(
        `run ${runId} was started under another ${changes.map(({ what }) => what).join(" and ")}:\n${changes.flatMap(({ differences }) => differences.map((line) => `  ${line}`)).join("\n")}`,
        "put it back, or go on under the new one with: loopwright resume --accept-change",
        runId,
      );
    }
    const { fold, text } = chartOf(contract.rules);
    const carried = (JSON.parse(store.snapshot(runId)!) as { context: LoopState }).context;
    if (how === "normally") refuseResume(record, carried, resume);
    const { epoch } = acquire(runId);
    const session = await openSession(contract, record, epoch);
    const parts = partsOf(contract, fold, session, record);
    const present = { ...recordOf(runId), epoch };
    if (changes.length > 0 && resume.acceptChange === true) {
      store.voidGrants(runId, clock.now());
      const file = resume.contractFile ?? record.contractFile ?? undefined;
      const contractDigest = store.putBlob(contractText(contract, file));
      return goOn(
        { ...present, contractDigest, chartDigest: store.putBlob(text) },
        raised(carried, resume),
        "changeAccepted",
      );
    }
    if (record.status === "ended") return goOn(present, raised(carried, resume), "limitRaised");
    hold(contract, fold, session, fold.read(store.snapshot(runId)!), runId);
    if (record.state === "escalated" && how === "normally") {
      post(runId, {
        type: "directive.resume",
        ...word(resume.by),
        say: resume.say ?? null,
        raise: resume.raise ?? {},
      });
    }
    host.recover(present, epoch, parts);
    return handleOf(runId);

    function goOn(next: RunRecord, memory: LoopState, because: "changeAccepted" | "limitRaised"): RunHandle {
      const origin = continued(next, memory, because, resume.by);
      hold(contract, fold, session, fold.begin(origin).snapshot, runId);
      host.begin(next, epoch, parts, origin);
      return handleOf(runId);
    }
  }

  function refuseResume(record: RunRecord, carried: LoopState, resume: ResumeOptions): void {
    const { id: runId } = record;
    if (carried.doubt !== null && (record.state === "escalated" || record.status === "ended")) {
      throw runError(
        `run ${runId} has an effect in doubt: ${carried.doubt.key}`,
        "find out whether it happened and settle it first",
        runId,
      );
    }
    const asks = resume.say !== undefined || Object.keys(resume.raise ?? {}).length > 0;
    if (asks && record.status !== "ended" && record.state !== "escalated" && resume.acceptChange !== true) {
      throw runError(
        `run ${runId} is in ${record.state}: it asks for no word of yours, and would not hear it`,
        "resume it without --say and --add-…; a run that stops at a limit or is escalated takes them",
        runId,
      );
    }
    if (record.status !== "ended") return;
    if (carried.outcome?.reason !== "limit") {
      throw runError(
        `run ${runId} has ended: ${carried.outcome?.reason ?? record.state}`,
        "start a new run",
        runId,
      );
    }
    const name = carried.outcome.detail ?? "";
    if (
      (resume.raise as Record<string, number> | undefined)?.[name] === undefined &&
      resume.acceptChange !== true
    ) {
      throw runError(
        `run ${runId} was stopped at its limit of ${name}`,
        `raise that limit, for example: loopwright resume ${runId} --add-steps 10`,
        runId,
      );
    }
  }

  return engine;
}

/** The memory of a stopped run with its limits raised and an instruction for the agent. */
function raised(carried: LoopState, { raise = {}, say }: ResumeOptions): LoopState {
  const sum = { ...carried.raised };
  for (const [name, more] of Object.entries(raise) as [keyof typeof raise, number][])
    sum[name] = (sum[name] ?? 0) + more;
  const feedback =
    say === undefined ? carried.feedback : [...carried.feedback, { kind: "instruction" as const, text: say }];
  return { ...carried, raised: sum, feedback };
}
