import type { AttemptRow, EffectRow, GrantRow, JournalRow, TimerRow } from "../ports/store.ts";

/** Rows of the tables as the port's types. */

export type Row = Record<string, string | number | null>;

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

export const attemptOf = (row: Row): AttemptRow => ({
  attempt: row.attempt as number,
  intentAt: row.intent_at as number,
  outcome: row.outcome as AttemptRow["outcome"],
  outcomeAt: row.outcome_at as number | null,
  source: row.source as AttemptRow["source"],
});

export const effectOf = (row: Row, attempts: AttemptRow[]): EffectRow => ({
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
  attempts,
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
