import type { RunEvent } from "./types.ts";

type Listener = (event: RunEvent | null) => void;

/** Live events of runs. `null` says that the run rests. */
export type Feed = {
  publish(runId: string, event: RunEvent | null): void;
  listen(runId: string, listener: Listener): () => void;
};

export function createFeed(): Feed {
  const listeners = new Map<string, Set<Listener>>();
  return {
    publish(runId, event) {
      for (const listener of listeners.get(runId) ?? []) listener(event);
    },
    listen(runId, listener) {
      const set = listeners.get(runId) ?? new Set();
      listeners.set(runId, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(runId);
      };
    },
  };
}

/** Events kept for a reader that is slow; beyond it live output is dropped, never journal rows. */
const backlogMax = 10_000;

type Subscription = {
  feed: Feed;
  runId: string;
  /** Journal rows with `seq > after`, rendered. */
  stored: (after: number) => Iterable<Extract<RunEvent, { kind: "journal" }>>;
  after: number;
  /** Whether nothing more will come. */
  rests: () => boolean;
  signal?: AbortSignal;
};

/** Stored rows first, then live events, each row once, until the run rests or the reader goes away. */
export async function* readEvents({
  feed,
  runId,
  stored,
  after,
  rests,
  signal,
}: Subscription): AsyncGenerator<RunEvent> {
  const backlog: RunEvent[] = [];
  let cursor = after;
  let wake = () => {};
  const unlisten = feed.listen(runId, (event) => {
    if (event !== null && (event.kind === "journal" || backlog.length < backlogMax)) backlog.push(event);
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      const resting = rests();
      for (const event of stored(cursor)) {
        cursor = event.seq;
        yield event;
      }
      for (let event = backlog.shift(); event !== undefined; event = backlog.shift()) {
        if (event.kind === "output") yield event;
        else if (event.seq > cursor) {
          cursor = event.seq;
          yield event;
        }
      }
      if (signal?.aborted || resting) return;
      if (backlog.length === 0 && !rests()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    unlisten();
    signal?.removeEventListener("abort", onAbort);
  }
}
