import type { ExecuteInput } from "../../machines/calls.ts";
import { Directive, type JournalEvent, type Origin } from "../../machines/events.ts";
import type { Clock } from "../base/clock.ts";
import type { JournalRow, RunCommit, RunRecord, Store } from "../ports/store.ts";
import { commitOf, mustSync } from "./commit.ts";
import type { Folded, RequestedCall, Snapshot } from "./fold.ts";
import { brokenEvent, type ReplyEvent, replyEvent } from "./replies.ts";
import type { ActiveRun, Queued, RunParts } from "./run.ts";

/** Milliseconds a lease lasts without a heartbeat; another host may take the run afterwards. */
export const leaseMsDefault = 15_000;
/** Milliseconds between looks into the inbox. */
const pollMs = 250;

export type HostOptions = {
  store: Store;
  clock: Clock;
  /** Names this process among all that use the store. */
  owner: string;
  leaseMs?: number;
  onRow: (runId: string, row: JournalRow, snapshot: Snapshot) => void;
  onOutput: (runId: string, source: "agent" | "verifier", text: string) => void;
  /** The run was let go of: `interrupted` by us, `lost` to another host, or because of this error. */
  onRelease: (runId: string, why: "interrupted" | "lost", error?: unknown) => void;
};

export type Host = {
  /** Starts a run, or a new machine over the memory of an old one. The first row is durable when it returns. */
  begin(record: RunRecord, epoch: number, parts: RunParts, origin: Origin): void;
  /** Goes on with a run of the store: what was in flight is lost and the chart is told so. */
  recover(record: RunRecord, epoch: number, parts: RunParts): void;
  /** Looks into the inbox now rather than at the next poll. */
  poll(): void;
  /** Lets go of a run: calls are cancelled, a dispatch in flight is waited for. */
  pause(runId: string): Promise<void>;
  holds(runId: string): boolean;
  close(): Promise<void>;
};

type Change = Queued & { at: number; folded: Folded };

/** The last hash of a journal, or 64 zeros for an empty one. */
const lastHash = (store: Store, record: RunRecord): string =>
  store.journal(record.id, { after: record.length - 1, limit: 1 })[0]?.hash ?? "0".repeat(64);

/**
 * Moves runs: folds one event of each at a time, commits all folds of a turn of the event loop in one transaction,
 * and only then performs what they asked for. A fold is refused by the store or stands; nothing is performed without it.
 */
export function createHost(options: HostOptions): Host {
  const { store, clock, owner, leaseMs = leaseMsDefault } = options;
  const active = new Map<string, ActiveRun>();
  let scheduled = false;

  const stamp = () => ({ at: clock.now(), random: clock.random() });
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      flush();
    });
  };
  const enqueue = (run: ActiveRun, item: Queued) => {
    if (run.released !== null) return;
    run.queue.push(item);
    schedule();
  };

  function release(run: ActiveRun, why: "interrupted" | "lost", error?: unknown): void {
    if (run.released !== null) return;
    run.released = why;
    active.delete(run.record.id);
    for (const { controller } of run.pending.values()) controller.abort();
    for (const cancel of run.timers.values()) cancel();
    const { id: runId } = run.record;
    if (why === "interrupted" && error === undefined) store.release({ runId, owner, epoch: run.epoch });
    options.onRelease(runId, why, error);
  }

  // ── Folding ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** A reply whose call is no longer awaited never reaches the chart as a reply; an outcome becomes a late outcome. */
  function current(run: ActiveRun, item: Queued): Queued | null {
    const { event } = item;
    if (event.type.startsWith("xstate.done.actor.")) {
      const { output } = event as unknown as ReplyEvent;
      return output.callId === run.snapshot?.context.call?.id
        ? item
        : late(run, event as unknown as ReplyEvent);
    }
    return event.type.startsWith("xstate.after.") && !run.timers.has(event.type) ? null : item;
  }

  function late(run: ActiveRun, event: ReplyEvent): Queued | null {
    const { outcome, result, callId } = event.output as {
      outcome?: string;
      result?: unknown;
      callId: string;
    };
    const sent = run.pending.get(callId)?.input as ExecuteInput | undefined;
    if (event.actorId !== "execute" || sent === undefined || outcome === "unknown") return null;
    const { key, attempt } = sent;
    const about = { key, attempt, outcome, result: outcome === "applied" ? result : null };
    return { event: { type: "effect.lateOutcome", ...stamp(), ...about } as JournalEvent };
  }

  /** Time never goes back in a journal, whatever the clock does. */
  function withTime(run: ActiveRun, event: JournalEvent): { event: JournalEvent; at: number } {
    const carrier = ("output" in event ? event.output : event) as { at: number };
    const at = Math.max(carrier.at, run.record.updatedAt);
    if (at === carrier.at) return { event, at };
    return {
      at,
      event: ("output" in event
        ? { ...event, output: { ...event.output, at } }
        : { ...event, at }) as JournalEvent,
    };
  }

  /** Folds one event; a fold that throws parks the run, it never meets the same event again. */
  function fold(run: ActiveRun, item: Queued): Change {
    const { event, at } = withTime(run, item.event);
    const because = item.directive === undefined ? {} : { directive: item.directive };
    try {
      return { event, at, ...because, folded: run.fold.step(run.snapshot!, event) };
    } catch (error) {
      const failed = {
        type: "host.failed",
        at,
        random: 0,
        message: `${event.type}: ${String(error)}`,
      } as const;
      return { event: failed, at, ...because, folded: run.fold.step(run.snapshot!, failed) };
    }
  }

  function nextChange(run: ActiveRun): Change | null {
    for (let item = run.queue.shift(); item !== undefined; item = run.queue.shift()) {
      const now = current(run, item);
      if (now !== null) return fold(run, now);
    }
    return null;
  }

  /** One fold of each run that has an event, in one transaction; then what they asked for. */
  function flush(): void {
    const changes = [...active.values()].flatMap((run) => {
      const change = nextChange(run);
      return change === null ? [] : [{ run, change, commit: commitOf(run, change) }];
    });
    if (changes.length > 0) commitAll(changes);
    if ([...active.values()].some((run) => run.queue.length > 0)) schedule();
  }

  function commitAll(changes: { run: ActiveRun; change: Change; commit: RunCommit }[]): void {
    let results: ReturnType<Store["commit"]>;
    try {
      results = store.commit(
        changes.map(({ commit }) => commit),
        { sync: changes.some(({ commit }) => mustSync(commit)) },
      );
    } catch (error) {
      for (const { run } of changes) release(run, "interrupted", error);
      return;
    }
    for (const [i, { run, change, commit }] of changes.entries()) {
      const result = results[i]!;
      if (result.ok) accept(run, change, commit);
      else if (result.refused === "stale") release(run, "lost");
      else run.queue.unshift({ event: { type: "commit.refused", ...stamp(), reason: result.refused } });
    }
  }

  /** The fold stands: the cache follows the store, and what it asked for is performed. */
  function accept(run: ActiveRun, change: Change, commit: RunCommit): void {
    const { folded, at } = change;
    run.snapshot = folded.snapshot;
    run.hash = commit.row.hash;
    const { status, state, outcome } = commit;
    run.record = { ...run.record, length: commit.row.seq, updatedAt: at, status, state, outcome };
    for (const id of commit.timers.clear) disarm(run, id);
    for (const { id, dueAt } of commit.timers.set) arm(run, id, dueAt);
    const awaited = folded.snapshot.context.call?.id;
    for (const [id, { controller }] of run.pending) if (id !== awaited) controller.abort();
    options.onRow(run.record.id, commit.row, folded.snapshot);
    if (!run.pausing) for (const call of folded.calls) perform(run, call);
    retire(run);
  }

  /** An ended run is let go of once nothing of it is in flight any more. */
  function retire(run: ActiveRun): void {
    if (run.record.status !== "ended" || run.pending.size > 0 || run.queue.length > 0) return;
    active.delete(run.record.id);
    store.release({ runId: run.record.id, owner, epoch: run.epoch });
  }

  // ── Performing ────────────────────────────────────────────────────────────────────────────────────────────────

  function arm(run: ActiveRun, id: string, dueAt: number): void {
    run.timers.get(id)?.();
    const fire = () => enqueue(run, { event: { type: id, ...stamp() } as JournalEvent });
    run.timers.set(id, clock.after(dueAt - clock.now(), fire));
  }

  function disarm(run: ActiveRun, id: string): void {
    run.timers.get(id)?.();
    run.timers.delete(id);
  }

  /** The last look before a dispatch: is the lease still ours, and is no halt in force? */
  function mayDispatch(run: ActiveRun): "yes" | "lost" | "halted" {
    const { id: runId, loop } = run.record;
    if (!store.holds({ runId, owner, epoch: run.epoch, now: clock.now() })) return "lost";
    return store.halted(loop) === null ? "yes" : "halted";
  }

  async function answerOf(run: ActiveRun, call: RequestedCall, signal: AbortSignal): Promise<unknown> {
    if (call.name === "execute" && mayDispatch(run) === "halted") {
      const failure = { errorClass: "cancelled", message: "a halt is in force", retryAfterMs: null };
      return { outcome: "notApplied", failure, fingerprint: "halted" };
    }
    return run.performers[call.name](call.input as never, {
      runId: run.record.id,
      signal,
      onOutput: (source, text) => options.onOutput(run.record.id, source, text),
    });
  }

  function perform(run: ActiveRun, call: RequestedCall): void {
    if (call.name === "execute" && mayDispatch(run) === "lost") {
      release(run, "lost");
      return;
    }
    const { name, input, callId } = call;
    const controller = new AbortController();
    const reply = (make: (stamped: ReturnType<typeof stamp> & { callId: string }) => unknown) => {
      // A paused run takes in nothing but the outcome of a dispatch: the rest starts over when it goes on.
      if (!run.pausing || name === "execute") {
        enqueue(run, { event: make({ ...stamp(), callId }) as JournalEvent });
      }
    };
    const settled = answerOf(run, call, controller.signal).then(
      (answer) => reply((stamped) => replyEvent(name, input, answer, stamped)),
      (error: unknown) => reply((stamped) => brokenEvent(name, input, error, stamped)),
    );
    run.pending.set(callId, { name, input, controller, settled });
    void settled.then(() => setImmediate(() => forget(run, callId)));
  }

  /** The call is over and its reply was folded or dropped. */
  function forget(run: ActiveRun, callId: string): void {
    if (run.queue.length > 0 && run.released === null) return void setImmediate(() => forget(run, callId));
    run.pending.delete(callId);
    if (run.released === null) retire(run);
  }

  // ── Inbox and leases ──────────────────────────────────────────────────────────────────────────────────────────

  function poll(): void {
    for (const { seq, runId, event } of store.directives([...active.keys()])) {
      const run = active.get(runId);
      if (run === undefined || run.seen.has(seq)) continue;
      run.seen.add(seq);
      const parsed = Directive.safeParse(JSON.parse(event));
      if (parsed.success) enqueue(run, { event: parsed.data, directive: seq });
    }
  }

  function heartbeat(): void {
    const runIds = [...active.keys()];
    if (runIds.length === 0) return;
    const held = new Set(store.renew({ runIds, owner, now: clock.now(), ttlMs: leaseMs }));
    for (const run of [...active.values()]) if (!held.has(run.record.id)) release(run, "lost");
  }

  /** A store that fails in the background must not end the process: the next commit reports it. */
  const quietly = (work: () => void) => () => {
    try {
      work();
    } catch {}
  };
  const intervals = [setInterval(quietly(poll), pollMs), setInterval(quietly(heartbeat), leaseMs / 3)];
  for (const interval of intervals) interval.unref();

  const activate = (
    record: RunRecord,
    epoch: number,
    parts: RunParts,
    snapshot: Snapshot | null,
  ): ActiveRun => {
    const run: ActiveRun = {
      ...parts,
      record,
      epoch,
      snapshot,
      hash: lastHash(store, record),
      queue: [],
      seen: new Set(),
      pending: new Map(),
      timers: new Map(),
      released: null,
      pausing: false,
    };
    active.set(record.id, run);
    return run;
  };

  async function pause(runId: string): Promise<void> {
    const run = active.get(runId);
    if (run === undefined) return;
    run.pausing = true;
    const dispatches = [...run.pending.values()].filter(({ name }) => name === "execute");
    for (const { name, controller } of run.pending.values()) if (name !== "execute") controller.abort();
    await Promise.all(dispatches.map(({ settled }) => settled));
    flush();
    release(run, "interrupted");
  }

  return {
    begin(record, epoch, parts, origin) {
      const run = activate(record, epoch, parts, null);
      const folded = parts.fold.begin(origin);
      const commit = commitOf(run, { event: origin, at: origin.at, folded });
      const digests = { contractDigest: record.contractDigest, chartDigest: record.chartDigest };
      const first = record.length === 0 ? { ...commit, create: record } : { ...commit, digests };
      const [result] = store.commit([first], { sync: true });
      if (result?.ok !== true) return release(run, "lost");
      accept(run, { event: origin, at: origin.at, folded }, commit);
    },
    recover(record, epoch, parts) {
      const snapshot = parts.fold.read(store.snapshot(record.id)!);
      const run = activate(record, epoch, parts, snapshot);
      const timers = store.timers(record.id);
      // Where nothing was in flight the crash changes nothing, and words and timers keep their recorded order.
      const at = snapshot.context.call === null ? record.updatedAt : clock.now();
      enqueue(run, { event: { type: "host.recovered", at, random: clock.random() } });
      const due = timers.filter(({ dueAt }) => dueAt <= clock.now());
      const words = store.directives([record.id]);
      for (const { id, dueAt } of timers) arm(run, id, dueAt);
      const merged = [
        ...words.map((word) => ({ at: word.at, item: directiveItem(run, word) })),
        ...due.map(({ id, dueAt }) => ({
          at: dueAt,
          item: { event: { type: id, at: dueAt, random: clock.random() } as JournalEvent },
        })),
      ].sort((a, b) => a.at - b.at);
      for (const { item } of merged) if (item !== null) enqueue(run, item);
    },
    poll: () => poll(),
    pause,
    holds: (runId) => active.has(runId),
    async close() {
      for (const interval of intervals) clearInterval(interval);
      await Promise.all([...active.keys()].map(pause));
    },
  };

  function directiveItem(run: ActiveRun, row: { seq: number; event: string }): Queued | null {
    run.seen.add(row.seq);
    const parsed = Directive.safeParse(JSON.parse(row.event));
    return parsed.success ? { event: parsed.data, directive: row.seq } : null;
  }
}
