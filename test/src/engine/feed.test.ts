import { describe, expect, it } from "vitest";
import { createFeed, readEvents } from "../../../src/engine/feed.ts";
import type { RunEvent } from "../../../src/engine/types.ts";

const row = (seq: number): Extract<RunEvent, { kind: "journal" }> =>
  ({
    kind: "journal",
    runId: "run",
    seq,
    at: seq,
    event: {},
    state: "acting",
    remaining: {},
    call: null,
  }) as never;
const output = (text: string): RunEvent => ({ kind: "output", runId: "run", at: 0, source: "agent", text });
const seen = (event: RunEvent): unknown => (event.kind === "journal" ? event.seq : event.text);

/** A journal with its live feed: rows are appended and published at once. */
function journal() {
  const feed = createFeed();
  const rows = [row(1), row(2)];
  let rests = false;
  let reads = 0;
  const stored = (after: number) => {
    reads += 1;
    return rows.filter(({ seq }) => seq > after);
  };
  return {
    feed,
    reads: () => reads,
    append(): void {
      rows.push(row(rows.length + 1));
      feed.publish("run", rows.at(-1)!);
    },
    rest(): void {
      rests = true;
      feed.publish("run", null);
    },
    read: (after = 0, signal?: AbortSignal) =>
      readEvents({
        feed,
        runId: "run",
        stored,
        after,
        rests: () => rests,
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

async function collect(events: AsyncIterable<RunEvent>, into: unknown[] = []): Promise<unknown[]> {
  for await (const event of events) into.push(seen(event));
  return into;
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("readEvents", () => {
  it("yields stored rows, then live ones, each once, until the run rests", async () => {
    const { append, feed, read, rest } = journal();
    const all = collect(read());
    await turn();
    append();
    feed.publish("run", output("hello"));
    append();
    rest();
    expect(await all).toEqual([1, 2, 3, "hello", 4]);
  });

  it("goes on behind a cursor", async () => {
    const { append, read, rest } = journal();
    append();
    rest();
    expect(await collect(read(2))).toEqual([3]);
    expect(await collect(read(3))).toEqual([]);
  });

  it("reads the stored rows once, however many live ones follow", async () => {
    const { append, read, reads, rest } = journal();
    const all = collect(read());
    for (let i = 0; i < 50; i += 1) {
      await turn();
      append();
    }
    rest();
    expect(await all).toHaveLength(52);
    expect(reads()).toBeLessThanOrEqual(2);
  });

  it("ends when the reader's signal aborts, and listens no more", async () => {
    const { append, read } = journal();
    const controller = new AbortController();
    const got: unknown[] = [];
    const all = collect(read(0, controller.signal), got);
    await turn();
    controller.abort();
    await all;
    append();
    expect(got).toEqual([1, 2]);
  });

  it("drops live output for a reader that is slow, and never a row", async () => {
    const { append, feed, read, rest } = journal();
    const events = read()[Symbol.asyncIterator]();
    await events.next();
    for (let i = 0; i < 10_050; i += 1) feed.publish("run", output("noise"));
    append();
    rest();
    const rest_ = await collect({ [Symbol.asyncIterator]: () => events });
    expect(rest_.filter((one) => one === "noise").length).toBeLessThanOrEqual(10_000);
    expect(rest_.filter((one) => typeof one === "number")).toEqual([2, 3]);
  });
});
