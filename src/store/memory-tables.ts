import type { DirectiveRow, EffectRow, GrantRow, JournalRow, Lease, TimerRow } from "../ports/store.ts";
import { everyLoop, type KnownRun, type Tables } from "./tables.ts";

type Blob = { text: string; forAll: boolean; owners: ReadonlySet<string> };
export type KeptRun = KnownRun & {
  snapshot: string;
  journal: readonly JournalRow[];
  timers: ReadonlyMap<string, TimerRow>;
  remembered: ReadonlyMap<string, string>;
};

/** Values are never changed in place, only replaced, so that a replaced one can be put back. */
export type Kept = {
  runs: Map<string, KeptRun>;
  inbox: Map<number, DirectiveRow>;
  effects: Map<string, EffectRow>;
  grants: Map<string, GrantRow>;
  halts: Map<string, string>;
  leases: Map<string, Lease & { held: boolean }>;
  blobs: Map<string, Blob>;
};

export const emptyTables = (): Kept => ({
  runs: new Map(),
  inbox: new Map(),
  effects: new Map(),
  grants: new Map(),
  halts: new Map(),
  leases: new Map(),
  blobs: new Map(),
});

export const haltOf = ({ halts }: Kept, loop: string): string | null =>
  halts.get(loop) ?? halts.get(everyLoop) ?? null;

export const holderOf = ({ effects }: Kept, businessKey: string): EffectRow | null => {
  const holding = [...effects.values()].filter(
    (effect) => effect.businessKey === businessKey && effect.status !== "notApplied",
  );
  return holding.sort((a, b) => (a.key < b.key ? -1 : 1))[0] ?? null;
};

const newRun = { journal: [], timers: new Map(), remembered: new Map() };

/** The tables over what is kept, and the way to take back all that was written through them. */
export function memoryTables(kept: Kept): { tables: Tables; takeBack: () => void } {
  const undo: (() => void)[] = [];
  const put = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void => {
    const before = map.get(key);
    undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
    map.set(key, value);
  };
  const change = (runId: string, part: Partial<KeptRun>): void =>
    put(kept.runs, runId, { ...kept.runs.get(runId)!, ...part });

  const tables: Tables = {
    run: (id) => kept.runs.get(id) ?? null,
    epoch: (runId) => kept.leases.get(runId)?.epoch ?? 0,
    putRun: (run) =>
      put(kept.runs, run.record.id, { ...newRun, ...kept.runs.get(run.record.id), ...structuredClone(run) }),
    addRow: (row) => change(row.runId, { journal: [...kept.runs.get(row.runId)!.journal, { ...row }] }),
    setTimer: (timer) =>
      change(timer.runId, {
        timers: new Map(kept.runs.get(timer.runId)!.timers).set(timer.id, { ...timer }),
      }),
    clearTimer: (runId, id) =>
      change(runId, { timers: new Map([...kept.runs.get(runId)!.timers].filter(([known]) => known !== id)) }),
    foldDirective(runId, seq) {
      const directive = kept.inbox.get(seq);
      if (directive?.runId !== runId) return false;
      undo.push(() => kept.inbox.set(seq, directive));
      return kept.inbox.delete(seq);
    },
    ownBlob(runId, { digest, text }) {
      const known = kept.blobs.get(digest) ?? { text, forAll: false, owners: new Set() };
      put(kept.blobs, digest, { ...known, owners: new Set([...known.owners, runId]) });
    },
    effect: (key) => kept.effects.get(key) ?? null,
    holder: (businessKey) => holderOf(kept, businessKey),
    halted: (loop) => haltOf(kept, loop),
    useGrant(id, key) {
      const grant = kept.grants.get(id);
      if (grant?.effectKey !== key || grant.voidedAt !== null) return false;
      put(kept.grants, id, { ...grant, usedBy: key });
      return true;
    },
    putEffect: (effect) => put(kept.effects, effect.key, structuredClone(effect)),
  };
  const takeBack = (): void => {
    for (const step of undo.reverse()) step();
  };
  return { tables, takeBack };
}
