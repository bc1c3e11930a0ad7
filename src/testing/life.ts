import type { Clock } from "../base/clock.ts";
import type { RunCommit, Store } from "../ports/store.ts";

/** What one process stands on, a store and a clock, until it dies: then it hears and writes nothing any more. */
export type Life = {
  store: Store;
  clock: Clock;
  readonly isOver: boolean;
  /** The process is killed. What it had committed stays, and nothing else. */
  end(): void;
};

export type LifeOptions = {
  store: Store;
  clock: Clock;
  /** Is the process killed right after these folds were committed, before anything they asked for is performed? */
  endsAfter?: (committed: readonly RunCommit[]) => boolean;
};

type Held = Parameters<Store["release"]>[0];

/**
 * One life of a process over a store that outlives it. Its leases end with it, as those of a dead process do, so another
 * life may go on at once.
 */
export function createLife({ store, clock, endsAfter = () => false }: LifeOptions): Life {
  const held: Held[] = [];
  let isOver = false;
  const alive = (): void => {
    if (isOver) throw new Error("the process is dead");
  };
  const guarded = Object.fromEntries(
    Object.entries(store).map(([name, part]: [string, unknown]) => {
      if (typeof part !== "function") return [name, part];
      const call = (...given: unknown[]): unknown => {
        alive();
        return part(...given);
      };
      return [name, call];
    }),
  ) as unknown as Store;

  function end(): void {
    isOver = true;
    for (const lease of held) store.release(lease);
  }

  return {
    get isOver() {
      return isOver;
    },
    end,
    store: {
      ...guarded,
      acquire(request) {
        alive();
        const answer = store.acquire(request);
        if ("lease" in answer) held.push({ ...request, epoch: answer.lease.epoch });
        return answer;
      },
      commit(batch, options) {
        alive();
        const results = store.commit(batch, options);
        if (!endsAfter(batch.filter((_, i) => results[i]!.ok))) return results;
        end();
        throw new Error("the process is dead");
      },
      close: () => {},
    },
    clock: {
      ...clock,
      after: (delayMs, callback) => clock.after(delayMs, () => (isOver ? undefined : callback())),
    },
  };
}
