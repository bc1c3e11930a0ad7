import type { Json } from "./json.ts";

/** `running`: a host should be moving it. `parked`: waits for a person or a timer of days. `ended`: final. */
export type RunStatus = "running" | "parked" | "ended";

export type RunRecord = {
  id: string;
  /** The contract's name. */
  loop: string;
  goal: string;
  /** Digests under which the run goes on: the contract with its module files, and the chart. */
  contractDigest: string;
  chartDigest: string;
  /** Where the contract was loaded from; `null` when it was given as a value. */
  contractFile: string | null;
  /** The user's project, and the run's own scratch directory. */
  directory: string;
  scratch: string;
  status: RunStatus;
  /** State of the chart, dotted: `effect.committing`. */
  state: string;
  /** The outcome as JSON once ended, else `null`. */
  outcome: Json;
  createdAt: number;
  updatedAt: number;
  /** Number of journal rows; the last row's `seq`. */
  length: number;
  /** Fencing epoch of the last lease. */
  epoch: number;
};

/** One journal row. `hash` is over `previousHash` and everything else in the row, so damage is found. */
export type JournalRow = {
  runId: string;
  /** 1 for the first row. */
  seq: number;
  at: number;
  /** The event as canonical JSON. */
  event: string;
  /** SHA-256 of the snapshot text after this event. */
  snapshotDigest: string;
  previousHash: string;
  hash: string;
};

export type TimerRow = {
  runId: string;
  id: string;
  dueAt: number;
  /** Canonical JSON of the event it raises. */
  event: string;
};

/** A word from a person, on its way to a run. `seq` orders all directives of the store. */
export type DirectiveRow = {
  seq: number;
  runId: string;
  at: number;
  /** Canonical JSON of the event. */
  event: string;
};

export type EffectStatus = "inDoubt" | "applied" | "notApplied";

/** One effect in the ledger, with its attempts. */
export type EffectRow = {
  key: string;
  runId: string;
  loop: string;
  step: number;
  index: number;
  tool: string;
  /** Canonical JSON of the arguments, and the digest of tool and arguments. */
  input: string;
  actionDigest: string;
  /** The tree that was verified with it, or `null`. */
  tree: string | null;
  businessKey: string | null;
  status: EffectStatus;
  /** Canonical JSON of the result once applied. */
  result: string | null;
  attempts: AttemptRow[];
};

export type AttemptRow = {
  attempt: number;
  intentAt: number;
  outcome: "applied" | "notApplied" | "unknown" | null;
  outcomeAt: number | null;
  /** Where the outcome came from. */
  source: "tool" | "timeout" | "recovery" | "reconciliation" | "person" | "late" | null;
};

/** The durable record written in the commit that enters `effect.committing`, before anything is sent. */
export type Intent = {
  key: string;
  attempt: number;
  at: number;
  loop: string;
  step: number;
  index: number;
  tool: string;
  input: string;
  actionDigest: string;
  tree: string | null;
  businessKey: string | null;
  /** Ids of the grants that this intent uses up. */
  grants: readonly string[];
};

export type OutcomeRecord = {
  key: string;
  attempt: number;
  at: number;
  outcome: "applied" | "notApplied" | "unknown";
  result: string | null;
  source: NonNullable<AttemptRow["source"]>;
};

/** Everything that one fold of one run changes; written whole or not at all. */
export type RunCommit = {
  runId: string;
  /** The fencing epoch under which the writer holds the run. */
  epoch: number;
  /** Present in the first commit of a run. */
  create?: RunRecord;
  /** New row; its `seq` must follow the run's `length`. */
  row: JournalRow;
  /** Snapshot text (canonical JSON) after the row. */
  snapshot: string;
  status: RunStatus;
  state: string;
  outcome: Json;
  /** New digests, when a person accepted a change. */
  digests?: { contractDigest: string; chartDigest: string };
  timers: { set: readonly TimerRow[]; clear: readonly string[] };
  intents: readonly Intent[];
  outcomes: readonly OutcomeRecord[];
  /** `seq` of the directive that this row folds, if it folds one. */
  directive?: number;
  /** Texts that go with the last run that wrote them. */
  blobs: readonly { digest: string; text: string }[];
};

/**
 * Why the transaction refused one fold.
 * `stale`: the epoch is no longer ours or the row does not follow (another host has the run), or the fold repeats a
 * directive, an attempt, or a key with another action: drop the run.
 * `duplicate`: an intent's business key is applied or in doubt under another effect, or the effect itself is applied.
 * `grantUsed`: a grant is for another effect, voided or unknown. `halted`: a halt is in force for the loop or for all.
 */
export type CommitRefusal = "stale" | "duplicate" | "grantUsed" | "halted";
export type CommitResult = { ok: true } | { ok: false; refused: CommitRefusal };

export type Lease = { owner: string; epoch: number; until: number };

/** A verified grant or denial, stored with its signed text; `usedBy` is the effect that used it. */
export type GrantRow = {
  id: string;
  effectKey: string;
  approver: string;
  token: string;
  issuedAt: number;
  expiresAt: number;
  usedBy: string | null;
  voidedAt: number | null;
};

export type RunFilter = {
  loop?: string;
  status?: RunStatus;
  /** Default 1,000. */
  limit?: number;
  /** Runs created before this time. */
  before?: number;
};

/**
 * Where runs live. Synchronous: what it answers is what is there. A failing store throws `LoopwrightError` with code
 * `store` (locked, read-only, damaged, of a newer version, full), and then nothing of the batch was written.
 */
export type Store = {
  kind: "sqlite" | "memory";
  /** Whether what is committed survives the process. */
  durable: boolean;
  /** The file, or `memory`. */
  location: string;

  run(id: string): RunRecord | null;
  /** Newest first. */
  runs(filter?: RunFilter): RunRecord[];
  /** Rows with `seq > after` (default 0), at most `limit` (default 1,000), in order. */
  journal(runId: string, options?: { after?: number; limit?: number }): JournalRow[];
  /** The snapshot text after the last row. */
  snapshot(runId: string): string | null;
  blob(digest: string): string | null;
  timers(runId: string): TimerRow[];
  /** Directives of these runs not yet folded, by `seq`. */
  directives(runIds: readonly string[]): DirectiveRow[];
  /** A run's effects by step and index, or one effect by key. */
  effects(runId: string): EffectRow[];
  effect(key: string): EffectRow | null;
  /** The effect that holds a business key (applied or in doubt), whatever its run. */
  businessKeyHolder(businessKey: string): EffectRow | null;
  grants(effectKey: string): GrantRow[];
  /** The reason of a halt that covers this loop, or `null`. */
  halted(loop: string): string | null;

  /**
   * Commits folds: one transaction, a savepoint each, so that a refused fold leaves nothing and the others stand.
   * `sync: true` returns only after the data are on the disk, earlier unsynced commits included.
   * An outcome replaces what is on record of its attempt only where it knows more: `applied` stays for ever.
   */
  commit(batch: readonly RunCommit[], options: { sync: boolean }): CommitResult[];
  /** Adds a directive for a run; durable when it returns. Returns its `seq`. Throws (`run`) where there is no such run. */
  post(directive: { runId: string; at: number; event: string }): number;
  /** Keeps a text for good and returns its digest. */
  putBlob(text: string): string;
  /** What `VerifyContext.remember` keeps, by run and key, as canonical JSON. */
  remembered(runId: string, key: string): string | null;
  remember(runId: string, key: string, value: string): void;
  /** Stores a grant; one that is known stays as it is, its use included. */
  putGrant(grant: GrantRow): void;
  /** Voids every open grant of a run (resume with changes, fork, restored backup). */
  voidGrants(runId: string, at: number): void;
  halt(loop: string | null, reason: string, at: number): void;
  liftHalt(loop: string | null): void;
  /** Deletes a run with everything that belongs to it alone; its effects and grants stay. Throws (`run`) unless it has ended. */
  remove(runId: string): void;

  /**
   * Takes the run for `owner` until `now + ttlMs`, raising its epoch; or says who has it. An expired lease is free; the
   * owner's own standing lease is extended under its epoch.
   */
  acquire(request: {
    runId: string;
    owner: string;
    now: number;
    ttlMs: number;
  }): { lease: Lease } | { heldBy: Lease };
  /** Extends the leases that nobody has taken from `owner`, expired or not; returns the ids of those runs. */
  renew(request: { runIds: readonly string[]; owner: string; now: number; ttlMs: number }): string[];
  /** Looks now, in the store, whether this lease still stands: same owner, same epoch, not expired. */
  holds(request: { runId: string; owner: string; epoch: number; now: number }): boolean;
  release(request: { runId: string; owner: string; epoch: number }): void;
  close(): void;
};
