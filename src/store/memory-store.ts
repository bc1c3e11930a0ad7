import { digestBytes } from "../base/digest.ts";
import type { CommitResult, GrantRow, Lease, RunCommit, RunRecord, Store } from "../ports/store.ts";
import { writeCommit } from "./commit-rules.ts";
import { emptyTables, haltOf, holderOf, type Kept, type KeptRun, memoryTables } from "./memory-tables.ts";
import { noSuchRun, notEnded } from "./run-errors.ts";
import { everyLoop } from "./tables.ts";

type Part<Names extends keyof Store> = Pick<Store, Names>;

/** What is handed out is the caller's: changing it changes nothing here. */
const copy = structuredClone;
const newestFirst = (a: RunRecord, b: RunRecord): number =>
  b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

function looks(
  kept: Kept,
): Part<"run" | "runs" | "journal" | "snapshot" | "blob" | "timers" | "directives" | "remembered"> {
  const recordOf = ({ record }: KeptRun): RunRecord =>
    copy({ ...record, epoch: kept.leases.get(record.id)?.epoch ?? 0 });
  return {
    run(id) {
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
        .sort(newestFirst)
        .slice(0, limit),
    journal: (runId, { after = 0, limit = 1_000 } = {}) => {
      const from = Math.max(0, after);
      return copy((kept.runs.get(runId)?.journal ?? []).slice(from, from + limit));
    },
    snapshot: (runId) => kept.runs.get(runId)?.snapshot ?? null,
    blob: (digest) => kept.blobs.get(digest)?.text ?? null,
    timers: (runId) =>
      copy([...(kept.runs.get(runId)?.timers.values() ?? [])]).sort(
        (a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1),
      ),
    directives: (runIds) =>
      copy([...kept.inbox.values()].filter(({ runId }) => runIds.includes(runId))).sort(
        (a, b) => a.seq - b.seq,
      ),
    remembered: (runId, key) => kept.runs.get(runId)?.remembered.get(key) ?? null,
  };
}

function ledger(
  kept: Kept,
): Part<"effects" | "effect" | "businessKeyHolder" | "grants" | "putGrant" | "voidGrants"> {
  const byIssue = (a: GrantRow, b: GrantRow): number => a.issuedAt - b.issuedAt || (a.id < b.id ? -1 : 1);
  return {
    effects: (runId) =>
      copy([...kept.effects.values()].filter((effect) => effect.runId === runId)).sort(
        (a, b) => a.step - b.step || a.index - b.index || (a.key < b.key ? -1 : 1),
      ),
    effect: (key) => copy(kept.effects.get(key) ?? null),
    businessKeyHolder: (businessKey) => copy(holderOf(kept, businessKey)),
    grants: (effectKey) =>
      copy([...kept.grants.values()].filter((grant) => grant.effectKey === effectKey)).sort(byIssue),
    putGrant(grant) {
      if (!kept.grants.has(grant.id)) kept.grants.set(grant.id, { ...grant });
    },
    voidGrants(runId, at) {
      for (const grant of kept.grants.values()) {
        const open = grant.voidedAt === null && grant.effectKey.startsWith(`${runId}/`);
        if (open) kept.grants.set(grant.id, { ...grant, voidedAt: at });
      }
    },
  };
}

function halts(kept: Kept): Part<"halted" | "halt" | "liftHalt"> {
  return {
    halted: (loop) => haltOf(kept, loop),
    halt: (loop, reason) => void kept.halts.set(loop ?? everyLoop, reason),
    liftHalt: (loop) => void kept.halts.delete(loop ?? everyLoop),
  };
}

function removeRun(kept: Kept, runId: string): void {
  const run = kept.runs.get(runId);
  if (run === undefined) return;
  if (run.record.status !== "ended") throw notEnded(runId);
  kept.runs.delete(runId);
  kept.leases.delete(runId);
  for (const [seq, directive] of kept.inbox) if (directive.runId === runId) kept.inbox.delete(seq);
  for (const [digest, blob] of kept.blobs) {
    if (!blob.owners.has(runId)) continue;
    const owners = new Set([...blob.owners].filter((owner) => owner !== runId));
    if (owners.size === 0 && !blob.forAll) kept.blobs.delete(digest);
    else kept.blobs.set(digest, { ...blob, owners });
  }
}

function writes(kept: Kept): Part<"commit" | "post" | "putBlob" | "remember" | "remove"> {
  let lastDirective = 0;
  const runOf = (runId: string): KeptRun => {
    const run = kept.runs.get(runId);
    if (run === undefined) throw noSuchRun(runId);
    return run;
  };
  const fold = (commit: RunCommit): CommitResult => {
    const { tables, takeBack } = memoryTables(kept);
    const refused = writeCommit(tables, commit);
    if (refused === null) return { ok: true };
    takeBack();
    return { ok: false, refused };
  };
  return {
    commit: (batch) => batch.map(fold),
    post(directive) {
      runOf(directive.runId);
      lastDirective += 1;
      kept.inbox.set(lastDirective, { ...directive, seq: lastDirective });
      return lastDirective;
    },
    putBlob(text) {
      const digest = digestBytes(text);
      kept.blobs.set(digest, { text, owners: new Set(), ...kept.blobs.get(digest), forAll: true });
      return digest;
    },
    remember(runId, key, value) {
      const run = runOf(runId);
      kept.runs.set(runId, { ...run, remembered: new Map(run.remembered).set(key, value) });
    },
    remove: (runId) => removeRun(kept, runId),
  };
}

function leases({ leases: kept }: Kept): Part<"acquire" | "renew" | "holds" | "release"> {
  return {
    acquire({ runId, owner, now, ttlMs }) {
      const known = kept.get(runId);
      const standing = known?.held === true && known.until > now;
      const { held: _held, ...heldBy } = known ?? { held: false, owner, epoch: 0, until: 0 };
      if (standing && heldBy.owner !== owner) return { heldBy };
      const lease: Lease = { owner, epoch: heldBy.epoch + (standing ? 0 : 1), until: now + ttlMs };
      kept.set(runId, { ...lease, held: true });
      return { lease };
    },
    renew: ({ runIds, owner, now, ttlMs }) =>
      runIds.filter((runId) => {
        const known = kept.get(runId);
        if (known?.held !== true || known.owner !== owner) return false;
        kept.set(runId, { ...known, until: now + ttlMs });
        return true;
      }),
    holds({ runId, owner, epoch, now }) {
      const known = kept.get(runId);
      return known?.held === true && known.owner === owner && known.epoch === epoch && known.until > now;
    },
    release({ runId, owner, epoch }) {
      const known = kept.get(runId);
      if (known?.owner === owner && known.epoch === epoch) kept.set(runId, { ...known, held: false });
    },
  };
}

/** A store in memory, for tests and simulations: the same rules and refusals as a file, and nothing survives the process. */
export function openMemoryStore(): Store {
  const kept = emptyTables();
  return {
    kind: "memory",
    durable: false,
    location: "memory",
    ...looks(kept),
    ...ledger(kept),
    ...halts(kept),
    ...writes(kept),
    ...leases(kept),
    close: () => {},
  };
}
