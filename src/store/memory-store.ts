import { genesisHash } from "../base/chain.ts";
import { digestBytes } from "../base/digest.ts";
import type {
  CommitRefusal,
  DirectiveRow,
  EffectRow,
  GrantRow,
  Intent,
  JournalRow,
  Lease,
  OutcomeRecord,
  RunCommit,
  RunRecord,
  Store,
  TimerRow,
} from "../ports/store.ts";
import { replaces, statusAfter } from "./ledger-rules.ts";

type KeptRun = { record: RunRecord; snapshot: string; journal: JournalRow[]; timers: Map<string, TimerRow> };
type Kept = {
  runs: Map<string, KeptRun>;
  inbox: (DirectiveRow & { folded: boolean })[];
  effects: Map<string, EffectRow>;
  grants: Map<string, GrantRow>;
  halts: Map<string, string>;
  leases: Map<string, Lease & { owner: string }>;
  blobs: Map<string, string>;
  remembered: Map<string, string>;
};

const every = "*";
const holds = (effect: EffectRow): boolean => effect.status !== "notApplied";

/** A store in memory, for tests and simulations: the same rules and refusals as a file, and nothing survives the process. */
export function openMemoryStore(): Store {
  const kept: Kept = {
    runs: new Map(),
    inbox: [],
    effects: new Map(),
    grants: new Map(),
    halts: new Map(),
    leases: new Map(),
    blobs: new Map(),
    remembered: new Map(),
  };

  const copy = <Value>(value: Value): Value => structuredClone(value);
  const holderOf = (businessKey: string): EffectRow | null =>
    [...kept.effects.values()].find((effect) => effect.businessKey === businessKey && holds(effect)) ?? null;
  const haltOf = (loop: string): string | null => kept.halts.get(loop) ?? kept.halts.get(every) ?? null;

  function refusalOf(commit: RunCommit): CommitRefusal | null {
    const run = kept.runs.get(commit.runId);
    if (run === undefined && commit.create === undefined) return "stale";
    if (run !== undefined && commit.create !== undefined) return "stale";
    if (run !== undefined && (kept.leases.get(commit.runId)?.epoch ?? 0) !== commit.epoch) return "stale";
    if (commit.row.seq !== (run?.record.length ?? 0) + 1) return "stale";
    if (commit.row.previousHash !== (run?.journal.at(-1)?.hash ?? genesisHash)) return "stale";
    for (const intent of commit.intents) {
      const refusal = refusalOfIntent(intent);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  function refusalOfIntent({ key, attempt, loop, businessKey, grants }: Intent): CommitRefusal | null {
    if (haltOf(loop) !== null) return "halted";
    if (kept.effects.get(key)?.attempts.some((known) => known.attempt === attempt)) return "stale";
    const holder = businessKey === null ? null : holderOf(businessKey);
    if (holder !== null && holder.key !== key) return "duplicate";
    const usable = (id: string): boolean => {
      const grant = kept.grants.get(id);
      return (
        grant !== undefined && grant.voidedAt === null && (grant.usedBy === null || grant.usedBy === key)
      );
    };
    return grants.every(usable) ? null : "grantUsed";
  }

  function writeIntent(runId: string, intent: Intent): void {
    const { key, attempt, at, loop, step, index, tool, input, actionDigest, tree, businessKey, grants } =
      intent;
    const attempts = kept.effects.get(key)?.attempts ?? [];
    const next = { attempt, intentAt: at, outcome: null, outcomeAt: null, source: null };
    kept.effects.set(key, {
      ...{ key, runId, loop, step, index, tool, input, actionDigest, tree, businessKey },
      status: "inDoubt",
      result: null,
      attempts: [...attempts, next],
    });
    for (const id of grants) kept.grants.get(id)!.usedBy = key;
  }

  function writeOutcome(outcome: OutcomeRecord): void {
    const effect = kept.effects.get(outcome.key);
    const attempt = effect?.attempts.find((known) => known.attempt === outcome.attempt);
    if (effect === undefined || attempt === undefined || !replaces(attempt.outcome, outcome.outcome)) return;
    Object.assign(attempt, { outcome: outcome.outcome, outcomeAt: outcome.at, source: outcome.source });
    Object.assign(effect, statusAfter(effect, outcome));
  }

  function write(commit: RunCommit): void {
    const { runId, row, status, state, outcome, digests } = commit;
    const known = kept.runs.get(runId);
    const run: KeptRun = known ?? { record: commit.create!, snapshot: "", journal: [], timers: new Map() };
    run.record = { ...run.record, ...digests, status, state, outcome, updatedAt: row.at, length: row.seq };
    run.snapshot = commit.snapshot;
    run.journal.push(copy(row));
    for (const id of commit.timers.clear) run.timers.delete(id);
    for (const timer of commit.timers.set) run.timers.set(timer.id, copy(timer));
    kept.runs.set(runId, run);
    for (const intent of commit.intents) writeIntent(runId, intent);
    for (const found of commit.outcomes) writeOutcome(found);
    for (const { digest, text } of commit.blobs) kept.blobs.set(digest, text);
    const directive = kept.inbox.find(({ seq }) => seq === commit.directive);
    if (directive !== undefined) directive.folded = true;
  }

  const recordOf = ({ record }: { record: RunRecord }): RunRecord =>
    copy({ ...record, epoch: kept.leases.get(record.id)?.epoch ?? record.epoch });

  return {
    kind: "memory",
    durable: false,
    location: "memory",

    run: (id) => {
      const run = kept.runs.get(id);
      return run === undefined ? null : recordOf(run);
    },
    runs: ({ loop, status, limit = 1_000, before = Number.POSITIVE_INFINITY } = {}) =>
      [...kept.runs.values()]
        .map(recordOf)
        .filter(
          (run) =>
            (loop === undefined || run.loop === loop) && (status === undefined || run.status === status),
        )
        .filter(({ createdAt }) => createdAt < before)
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit),
    journal: (runId, { after = 0, limit = 1_000 } = {}) => {
      const rows = kept.runs.get(runId)?.journal ?? [];
      return copy(rows.slice(Math.max(0, after), Math.max(0, after) + limit));
    },
    snapshot: (runId) => kept.runs.get(runId)?.snapshot ?? null,
    blob: (digest) => kept.blobs.get(digest) ?? null,
    timers: (runId) => copy([...(kept.runs.get(runId)?.timers.values() ?? [])]),
    directives: (runIds) =>
      kept.inbox
        .filter(({ folded, runId }) => !folded && runIds.includes(runId))
        .map(({ seq, runId, at, event }) => ({ seq, runId, at, event })),
    effects: (runId) =>
      copy([...kept.effects.values()].filter((effect) => effect.runId === runId)).sort(
        (a, b) => a.step - b.step || a.index - b.index,
      ),
    effect: (key) => copy(kept.effects.get(key) ?? null),
    businessKeyHolder: (businessKey) => copy(holderOf(businessKey)),
    grants: (effectKey) => copy([...kept.grants.values()].filter((grant) => grant.effectKey === effectKey)),
    halted: haltOf,

    commit: (batch) =>
      batch.map((commit) => {
        const refused = refusalOf(commit);
        if (refused !== null) return { ok: false, refused };
        write(commit);
        return { ok: true };
      }),
    post: ({ runId, at, event }) => {
      const seq = (kept.inbox.at(-1)?.seq ?? 0) + 1;
      kept.inbox.push({ seq, runId, at, event, folded: false });
      return seq;
    },
    putBlob: (text) => {
      const digest = digestBytes(text);
      kept.blobs.set(digest, text);
      return digest;
    },
    remembered: (runId, key) => kept.remembered.get(`${runId} ${key}`) ?? null,
    remember: (runId, key, value) => void kept.remembered.set(`${runId} ${key}`, value),
    putGrant: (grant) => void kept.grants.set(grant.id, copy(grant)),
    voidGrants: (runId, at) => {
      for (const grant of kept.grants.values()) {
        if (grant.effectKey.startsWith(`${runId}/`) && grant.voidedAt === null) grant.voidedAt = at;
      }
    },
    halt: (loop, reason) => void kept.halts.set(loop ?? every, reason),
    liftHalt: (loop) => void kept.halts.delete(loop ?? every),
    remove: (runId) => {
      kept.runs.delete(runId);
      kept.leases.delete(runId);
      for (const row of kept.inbox) if (row.runId === runId) row.folded = true;
      for (const key of kept.remembered.keys()) if (key.startsWith(`${runId} `)) kept.remembered.delete(key);
    },

    acquire: ({ runId, owner, now, ttlMs }) => {
      const held = kept.leases.get(runId);
      if (held !== undefined && held.until > now && held.owner !== owner) return { heldBy: { ...held } };
      const renewed = held !== undefined && held.until > now;
      const lease = { owner, epoch: renewed ? held.epoch : (held?.epoch ?? 0) + 1, until: now + ttlMs };
      kept.leases.set(runId, lease);
      return { lease: { ...lease } };
    },
    renew: ({ runIds, owner, now, ttlMs }) =>
      runIds.filter((runId) => {
        const held = kept.leases.get(runId);
        if (held?.owner !== owner) return false;
        held.until = now + ttlMs;
        return true;
      }),
    holds: ({ runId, owner, epoch, now }) => {
      const held = kept.leases.get(runId);
      return held !== undefined && held.owner === owner && held.epoch === epoch && held.until > now;
    },
    release: ({ runId, owner, epoch }) => {
      const held = kept.leases.get(runId);
      if (held?.owner === owner && held.epoch === epoch) held.until = 0;
    },
    close: () => {},
  };
}
