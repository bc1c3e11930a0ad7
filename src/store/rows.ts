import type {
  AttemptRow,
  DirectiveRow,
  EffectRow,
  GrantRow,
  JournalRow,
  Lease,
  RunRecord,
  TimerRow,
} from "../ports/store.ts";

/** Rows of the tables as the port's types. */

export type Row = Record<string, string | number | null>;

/** From columns `record` and `epoch`, which belongs to the lease. */
export const recordOf = (row: Row): RunRecord => ({
  ...(JSON.parse(row.record as string) as RunRecord),
  epoch: (row.epoch as number | null) ?? 0,
});

export const journalOf = (row: Row): JournalRow => ({
  runId: row.run_id as string,
  seq: row.seq as number,
  at: row.at as number,
  event: row.event as string,
  snapshotDigest: row.snapshot_digest as string,
  previousHash: row.previous_hash as string,
  hash: row.hash as string,
});

export const timerOf = (row: Row): TimerRow => ({
  runId: row.run_id as string,
  id: row.id as string,
  dueAt: row.due_at as number,
  event: row.event as string,
});

export const directiveOf = (row: Row): DirectiveRow => ({
  seq: row.seq as number,
  runId: row.run_id as string,
  at: row.at as number,
  event: row.event as string,
});

/** `attempts` is a JSON array of the effect's attempts, in any order. */
export const effectOf = (row: Row): EffectRow => ({
  key: row.key as string,
  runId: row.run_id as string,
  loop: row.loop as string,
  step: row.step as number,
  index: row.idx as number,
  tool: row.tool as string,
  input: row.input as string,
  actionDigest: row.action_digest as string,
  tree: row.tree as string | null,
  businessKey: row.business_key as string | null,
  status: row.status as EffectRow["status"],
  result: row.result as string | null,
  attempts: (JSON.parse(row.attempts as string) as AttemptRow[]).sort((a, b) => a.attempt - b.attempt),
});

export const grantOf = (row: Row): GrantRow => ({
  id: row.id as string,
  effectKey: row.effect_key as string,
  approver: row.approver as string,
  token: row.token as string,
  issuedAt: row.issued_at as number,
  expiresAt: row.expires_at as number,
  usedBy: row.used_by as string | null,
  voidedAt: row.voided_at as number | null,
});

export const leaseOf = (row: Row): Lease => ({
  owner: row.owner as string,
  epoch: row.epoch as number,
  until: row.until as number,
});
