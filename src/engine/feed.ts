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

/** Live output kept for a reader that is slow; beyond it output is dropped, never journal rows. */
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

/** What was published while nobody looked, and a way to wait for more. */
function openBacklog({ feed, runId, signal }: Subscription) {
  const events: RunEvent[] = [];
  let wake = () => {};
  const onAbort = () => wake();
  const unlisten = feed.listen(runId, (event) => {
    if (event !== null && (event.kind === "journal" || events.length < backlogMax)) events.push(event);
    wake();
  });
  signal?.addEventListener("abort", onAbort);
  return {
    take: () => events.shift(),
    /** Until something happens: an event, the run's rest, or the reader's leave. */
    change: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    close() {
      unlisten();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** Stored rows first, then live events, each row once, until the run rests or the reader goes away. */
export async function* readEvents(subscription: Subscription): AsyncGenerator<RunEvent> {
  const { stored, rests, signal } = subscription;
  const backlog = openBacklog(subscription);
  let cursor = subscription.after;
  try {
    for (const event of stored(cursor)) {
      if (signal?.aborted) return;
      cursor = event.seq;
      yield event;
    }
    while (!signal?.aborted) {
      const event = backlog.take();
      if (event === undefined) {
        if (rests()) return;
        await backlog.change();
      } else if (event.kind === "output" || event.seq > cursor) {
        if (event.kind === "journal") cursor = event.seq;
        yield event;
      }
    }
  } finally {
    backlog.close();
  }
}
