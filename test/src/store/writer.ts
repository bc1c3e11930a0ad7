import { chainHash, genesisHash } from "../../../src/base/chain.ts";
import { digestBytes } from "../../../src/base/digest.ts";
import type {
  CommitResult,
  GrantRow,
  Intent,
  JournalRow,
  OutcomeRecord,
  RunCommit,
  RunRecord,
  Store,
} from "../../../src/ports/store.ts";

/** Writes one run's rows into a store, as a host would. */

export const recordOf = (id: string, more: Partial<RunRecord> = {}): RunRecord => ({
  id,
  loop: "repair",
  goal: "make the tests pass",
  contractDigest: "c".repeat(64),
  chartDigest: "d".repeat(64),
  contractFile: null,
  directory: "/project",
  scratch: "/scratch",
  status: "running",
  state: "starting",
  outcome: null,
  createdAt: 1_000,
  updatedAt: 1_000,
  length: 0,
  epoch: 0,
  ...more,
});

export const intentOf = (key: string, more: Partial<Intent> = {}): Intent => ({
  key,
  attempt: 1,
  at: 2_000,
  loop: "repair",
  step: 1,
  index: 0,
  tool: "refund",
  input: '{"order":4711}',
  actionDigest: "a".repeat(64),
  tree: null,
  businessKey: null,
  grants: [],
  ...more,
});

export const outcomeOf = (key: string, more: Partial<OutcomeRecord> = {}): OutcomeRecord => ({
  key,
  attempt: 1,
  at: 3_000,
  outcome: "applied",
  result: '{"ok":true}',
  source: "tool",
  ...more,
});

export const grantOf = (id: string, effectKey: string, more: Partial<GrantRow> = {}): GrantRow => ({
  id,
  effectKey,
  approver: "ann",
  token: `signed ${id}`,
  issuedAt: 1_500,
  expiresAt: 9_000,
  usedBy: null,
  voidedAt: null,
  ...more,
});

export type Change = Partial<Omit<RunCommit, "runId" | "row">>;

export type Writer = {
  id: string;
  epoch: number;
  /** The commit that would follow the last accepted one. */
  next(change?: Change): RunCommit;
  /** Takes note that this commit was accepted. */
  accepted(commit: RunCommit): void;
  commit(change?: Change, options?: { sync: boolean }): CommitResult;
};

type WriterOptions = { id?: string; owner?: string; record?: Partial<RunRecord>; now?: number };

/** A writer that holds the lease of a run which has no row yet. */
export function writerOf(
  store: Store,
  { id = "run-1", owner = "host-1", record = {}, now = 1_000 }: WriterOptions = {},
): Writer {
  const answer = store.acquire({ runId: id, owner, now, ttlMs: 10_000 });
  if (!("lease" in answer)) throw new Error(`${id} is held by ${answer.heldBy.owner}`);
  const { epoch } = answer.lease;
  let last: JournalRow | null = store.journal(id, { after: (store.run(id)?.length ?? 0) - 1 }).at(-1) ?? null;

  const next = (change: Change = {}): RunCommit => {
    const seq = (last?.seq ?? 0) + 1;
    const snapshot = change.snapshot ?? `{"seq":${seq}}`;
    const entry = {
      runId: id,
      seq,
      at: 1_000 + seq,
      event: `{"type":"event","seq":${seq}}`,
      snapshotDigest: digestBytes(snapshot),
      previousHash: last?.hash ?? genesisHash,
    };
    return {
      runId: id,
      epoch,
      ...(last === null ? { create: recordOf(id, { epoch, ...record }) } : {}),
      row: { ...entry, hash: chainHash(entry) },
      snapshot,
      status: "running",
      state: "acting",
      outcome: null,
      timers: { set: [], clear: [] },
      intents: [],
      outcomes: [],
      blobs: [],
      ...change,
    };
  };
  const accepted = ({ row }: RunCommit): void => {
    last = row;
  };
  const commit: Writer["commit"] = (change = {}, options = { sync: true }) => {
    const made = next(change);
    const [result] = store.commit([made], options);
    if (result!.ok) accepted(made);
    return result!;
  };
  return { id, epoch, next, accepted, commit };
}

/** A writer whose run has its first row. */
export function startedRun(store: Store, options: WriterOptions = {}): Writer {
  const writer = writerOf(store, options);
  const result = writer.commit();
  if (!result.ok) throw new Error(`the first row was refused: ${result.refused}`);
  return writer;
}
