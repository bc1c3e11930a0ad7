import { fromPromise } from "xstate";
import type { ExecuteInput } from "../../machines/calls.ts";
import { type CallName, callNames, type NativeNote, type Origin, replies } from "../../machines/events.ts";
import type { LoopMachine } from "../../machines/loop.ts";
import { chainHash } from "../base/chain.ts";
import type { Clock } from "../base/clock.ts";
import { canonicalJson, digestBytes } from "../base/digest.ts";
import { intentsOf } from "../host/ledger.ts";
import type { PerformContext, RunParts } from "../host/run.ts";
import type { CommitRefusal, Intent, OutcomeRecord, RunRecord, Store } from "../ports/store.ts";
import { nativeState } from "./run-record.ts";

/** The effect boundary of a machine that runs in somebody else's actor system: same ledger, same performers. */

type Embedding = {
  store: Store;
  record: RunRecord;
  epoch: number;
  parts: Omit<RunParts, "fold">;
  clock: Clock;
  /** Rows that are there already, and the hash of the last. */
  journal: { length: number; hash: string };
};
type Written = {
  event: Origin | NativeNote;
  intents?: readonly Intent[];
  outcomes?: readonly OutcomeRecord[];
};

/** Snapshots of an embedded machine live in the system that runs it. */
const noSnapshot = "{}";

/** Appends rows to the run's journal; says why where the store refuses. */
function journalOf({ store, record, epoch, journal }: Embedding) {
  let { length, hash } = journal;
  return ({ event, intents = [], outcomes = [] }: Written): CommitRefusal | null => {
    const entry = {
      runId: record.id,
      seq: length + 1,
      at: event.at,
      event: canonicalJson(event),
      snapshotDigest: digestBytes(noSnapshot),
      previousHash: hash,
    };
    const row = { ...entry, hash: chainHash(entry) };
    const [result] = store.commit(
      [
        {
          runId: record.id,
          epoch,
          ...(length === 0 ? { create: record } : {}),
          row,
          snapshot: noSnapshot,
          status: "running",
          state: nativeState,
          outcome: null,
          timers: { set: [], clear: [] },
          intents,
          outcomes,
          blobs: [],
        },
      ],
      { sync: true },
    );
    if (result?.ok !== true) return result?.refused ?? "stale";
    length += 1;
    hash = row.hash;
    return null;
  };
}

const failed = (outcome: "unknown" | "notApplied", errorClass: string, message: string) => ({
  outcome,
  failure: { errorClass, message, retryAfterMs: null },
  fingerprint: message,
});

const dispatchedBefore = failed(
  "unknown",
  "internal",
  "this attempt is on record already; it may have been sent",
);

/** What a refused intent counts as: nothing was sent, unless another process has this run too. */
const refusals: Record<CommitRefusal, ReturnType<typeof failed>> = {
  stale: failed("unknown", "internal", "another process has this run; it may have sent this attempt"),
  duplicate: failed("notApplied", "forbidden", "another effect holds its business key"),
  grantUsed: failed("notApplied", "forbidden", "its grant is used, void or unknown"),
  halted: failed("notApplied", "forbidden", "a halt is in force"),
};

/** Dispatches an attempt once: its intent is written first, and one that is known already is unknown. */
function executeOnce({ store, record, parts, clock }: Embedding, write: ReturnType<typeof journalOf>) {
  const note = (type: NativeNote["type"], { key, attempt }: ExecuteInput): NativeNote => ({
    type,
    at: clock.now(),
    key,
    attempt,
  });

  function intend(input: ExecuteInput): ReturnType<typeof failed> | null {
    const known = store.effect(input.key)?.attempts.some(({ attempt }) => attempt === input.attempt);
    if (known === true) return dispatchedBefore;
    const event = note("native.intent", input);
    const call = { name: "execute" as const, callId: input.callId, input };
    const about = { loop: record.loop, at: event.at, businessKeyOf: parts.businessKeyOf };
    const refused = write({ event, intents: intentsOf([call], about) });
    return refused === null ? null : refusals[refused];
  }

  function settle(
    input: ExecuteInput,
    answer: { outcome: OutcomeRecord["outcome"]; result?: unknown },
  ): void {
    const event = note("native.outcome", input);
    const { key, attempt } = input;
    const result = answer.outcome === "applied" ? canonicalJson(answer.result ?? null) : null;
    write({
      event,
      outcomes: [{ key, attempt, at: event.at, outcome: answer.outcome, result, source: "tool" }],
    });
  }

  return async (input: ExecuteInput, context: PerformContext): Promise<unknown> => {
    const refused = intend(input);
    if (refused !== null) return refused;
    const answer = await parts.performers.execute(input as never, context);
    settle(input, answer as Parameters<typeof settle>[1]);
    return answer;
  };
}

/**
 * Actors for `machine.provide({ actors })` that share the engine's ledger: intents and outcomes are written by them, before
 * and after each dispatch. `origin` is the first row of a run that is new.
 */
export function nativeActors(embedding: Embedding, origin?: Origin): NativeActors {
  const { record, parts, clock } = embedding;
  const write = journalOf(embedding);
  if (origin !== undefined) write({ event: origin });
  const performers = { ...parts.performers, execute: executeOnce(embedding, write) };

  const actorOf = (name: CallName) =>
    fromPromise(async ({ input, signal }: { input: { callId: string }; signal: AbortSignal }) => {
      const context: PerformContext = { runId: record.id, signal, onOutput: () => {} };
      const answer = (await performers[name](input as never, context)) as object;
      const stamp = { at: clock.now(), random: clock.random(), callId: input.callId };
      return replies[name].parse({ ...answer, ...stamp });
    });
  return Object.fromEntries(callNames.map((name) => [name, actorOf(name)])) as unknown as NativeActors;
}

type Provided = Parameters<LoopMachine["provide"]>[0]["actors"];
/** One actor for each call of the chart, as `machine.provide` takes them. */
export type NativeActors = NonNullable<Provided>;
