import { fromPromise } from "xstate";
import type { ExecuteInput } from "../../machines/calls.ts";
import { type CallName, callNames, type NativeNote, type Origin, replies } from "../../machines/events.ts";
import type { LoopMachine } from "../../machines/loop.ts";
import { chainHash, genesisHash } from "../base/chain.ts";
import type { Clock } from "../base/clock.ts";
import { canonicalJson, digestBytes } from "../base/digest.ts";
import { intentsOf } from "../host/ledger.ts";
import type { PerformContext, RunParts } from "../host/run.ts";
import type { Intent, OutcomeRecord, RunRecord, Store } from "../ports/store.ts";

/** The effect boundary of a machine that runs in somebody else's actor system: same ledger, same performers. */

type Embedding = {
  store: Store;
  record: RunRecord;
  epoch: number;
  parts: Omit<RunParts, "fold">;
  clock: Clock;
};
type Written = {
  event: Origin | NativeNote;
  intents?: readonly Intent[];
  outcomes?: readonly OutcomeRecord[];
};

/** Snapshots of an embedded machine live in the system that runs it. */
const noSnapshot = "{}";

/** Appends rows to the run's journal; false when the store refuses. */
function journalOf({ store, record, epoch }: Embedding) {
  let length = 0;
  let previousHash = genesisHash;
  return ({ event, intents = [], outcomes = [] }: Written): boolean => {
    const entry = {
      runId: record.id,
      seq: length + 1,
      at: event.at,
      event: canonicalJson(event),
      snapshotDigest: digestBytes(noSnapshot),
      previousHash,
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
          state: "native",
          outcome: null,
          timers: { set: [], clear: [] },
          intents,
          outcomes,
          blobs: [],
        },
      ],
      { sync: true },
    );
    if (result?.ok !== true) return false;
    length += 1;
    previousHash = row.hash;
    return true;
  };
}

const dispatchedBefore = {
  outcome: "unknown" as const,
  failure: {
    errorClass: "internal",
    message: "this attempt is on record already; it may have been sent",
    retryAfterMs: null,
  },
  fingerprint: "dispatched before",
};

/** Opens the embedding: a run in the store, and actors for `machine.provide({ actors })` that share its ledger. */
export function embed(embedding: Embedding, origin: Origin) {
  const { store, record, parts, clock } = embedding;
  const write = journalOf(embedding);
  write({ event: origin });

  const note = (type: NativeNote["type"], { key, attempt }: ExecuteInput): NativeNote => ({
    type,
    at: clock.now(),
    key,
    attempt,
  });

  async function executeOnce(input: ExecuteInput, context: PerformContext): Promise<unknown> {
    const event = note("native.intent", input);
    const call = { name: "execute" as const, callId: input.callId, input };
    const intents = intentsOf([call], {
      loop: record.loop,
      at: event.at,
      businessKeyOf: parts.businessKeyOf,
    });
    const known = store.effect(input.key)?.attempts.some(({ attempt }) => attempt === input.attempt);
    if (known === true || !write({ event, intents })) return dispatchedBefore;
    const answer = (await parts.performers.execute(input as never, context)) as {
      outcome: OutcomeRecord["outcome"];
      result?: unknown;
    };
    const settled = note("native.outcome", input);
    const result = answer.outcome === "applied" ? canonicalJson(answer.result ?? null) : null;
    const { key, attempt } = input;
    write({
      event: settled,
      outcomes: [{ key, attempt, at: settled.at, outcome: answer.outcome, result, source: "tool" }],
    });
    return answer;
  }

  const actorOf = (name: CallName) =>
    fromPromise(async ({ input, signal }: { input: { callId: string }; signal: AbortSignal }) => {
      const context: PerformContext = { runId: record.id, signal, onOutput: () => {} };
      const answer =
        name === "execute"
          ? await executeOnce(input as ExecuteInput, context)
          : await parts.performers[name](input as never, context);
      return replies[name].parse({
        ...(answer as object),
        at: clock.now(),
        random: clock.random(),
        callId: input.callId,
      });
    });
  return Object.fromEntries(callNames.map((name) => [name, actorOf(name)])) as unknown as NativeActors;
}

type Provided = Parameters<LoopMachine["provide"]>[0]["actors"];
/** One actor for each call of the chart, as `machine.provide` takes them. */
export type NativeActors = NonNullable<Provided>;
