import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainHash } from "../../../src/base/chain.ts";
import { chartOf } from "../../../src/engine/machine.ts";
import { foldableFrom, rowsOf, verifyLog } from "../../../src/engine/verify-log.ts";
import type { JournalRow, RunRecord, Store } from "../../../src/ports/store.ts";
import { loopOf, sender, sending, stageEngine } from "./stage.ts";

const parts = (count = 1) => ({
  turns: [
    ...Array.from({ length: count }, (_, i) => ({ actions: [sending(`message ${i}`)] })),
    { claim: "done" as const },
  ],
  tools: [sender([], { dedupe: ({ text }: { text: string }) => text })],
  continue: { limits: { steps: count + 2, effects: count + 1 } },
});

async function finished(loop = loopOf(parts())) {
  const engine = await stageEngine();
  const run = await engine.start(loop, { goal: "write a journal" });
  await run.outcome;
  return { store: engine.store, runId: run.id, record: engine.store.run(run.id)!, loop, engine };
}

type Damage = { row?: (row: JournalRow) => JournalRow | null; snapshot?: (text: string) => string };
/** The store, with damage done to it. */
const damaged = (store: Store, { row = (same) => same, snapshot = (same) => same }: Damage): Store => ({
  ...store,
  journal: (runId, { after = 0, limit = 1_000 } = {}) =>
    store
      .journal(runId)
      .map(row)
      .filter((one) => one !== null)
      .sort((a, b) => a.seq - b.seq)
      .filter(({ seq }) => seq > after)
      .slice(0, limit),
  snapshot: (runId) => snapshot(store.snapshot(runId)!),
});
const check = (store: Store, record: RunRecord) =>
  verifyLog(store, record, chartOf(loopOf(parts()).rules).fold);

const flipAt = (text: string, at: number): string => {
  const index = at % text.length;
  const flipped = String.fromCharCode(text.charCodeAt(index) ^ 1);
  return text.slice(0, index) + flipped + text.slice(index + 1);
};

describe("verifyLog", () => {
  it("finds a whole journal clean", async () => {
    const { store, record } = await finished();
    expect(check(store, record)).toEqual({
      runId: record.id,
      rows: record.length,
      folded: record.length,
      ok: true,
      problem: null,
    });
  });

  it("names run and row wherever a character of a row is changed", async () => {
    const { store, record } = await finished();
    const fields = ["event", "hash", "previousHash", "snapshotDigest"] as const;
    const change = fc.record({
      seq: fc.integer({ min: 1, max: record.length }),
      field: fc.constantFrom(...fields),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(change, ({ seq, field, at }) => {
        const row = (one: JournalRow) =>
          one.seq === seq ? { ...one, [field]: flipAt(one[field], at) } : one;
        const report = check(damaged(store, { row }), record);
        expect(report).toMatchObject({ runId: record.id, ok: false });
        // A changed hash shows at its own row; at the latest at the one that follows it.
        expect([seq, seq + 1]).toContain(report.problem?.seq);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["a time", (row: JournalRow) => ({ ...row, at: row.at + 1 })],
    ["a number", (row: JournalRow) => ({ ...row, seq: row.seq + 100 })],
    ["a whole row", () => null],
  ])("names the row where %s is gone or changed", async (_what, change) => {
    const { store, record } = await finished();
    const report = check(damaged(store, { row: (row) => (row.seq === 4 ? change(row) : row) }), record);
    expect(report).toMatchObject({ ok: false, problem: { seq: 4 } });
  });

  it("misses the last row", async () => {
    const { store, record } = await finished();
    const report = check(damaged(store, { row: (row) => (row.seq === record.length ? null : row) }), record);
    expect(report).toMatchObject({
      ok: false,
      problem: { seq: record.length, message: expect.stringContaining("shorter") },
    });
  });

  it("finds a changed snapshot, wherever it is changed", async () => {
    const { store, record } = await finished();
    fc.assert(
      fc.property(fc.nat(), (at) => {
        const report = check(damaged(store, { snapshot: (text) => flipAt(text, at) }), record);
        expect(report).toMatchObject({ ok: false, problem: { seq: record.length } });
      }),
      { numRuns: 50 },
    );
  });

  it("finds an event whose chain was made good again", async () => {
    const { store, record } = await finished();
    let previousHash = "0".repeat(64);
    const forged = store.journal(record.id).map((row) => {
      const event = row.seq === 3 ? row.event.replace('"random":', '"at_":1,"random":') : row.event;
      const entry = { ...row, event, previousHash };
      previousHash = chainHash(entry);
      return { ...entry, hash: previousHash };
    });
    const report = check(damaged(store, { row: (row) => forged[row.seq - 1]! }), record);
    expect(report).toMatchObject({
      ok: false,
      problem: { seq: 3, message: expect.stringContaining("cannot be folded") },
    });
  });

  it("is not led astray by an agent that writes of an accepted change", async () => {
    const loop = loopOf({
      turns: [
        {
          memory: { because: "changeAccepted" },
          actions: [{ tool: "send", input: { because: "changeAccepted", text: "x" } }],
        },
      ],
      tools: [sender([])],
      retry: { sameFailure: 2 },
    });
    const { store, record, runId, engine } = await finished(loop);
    expect(store.journal(runId).some(({ event }) => event.includes('"because":"changeAccepted"'))).toBe(true);
    expect(foldableFrom(store, runId)).toBe(1);
    expect(engine.verifyLog(runId, loop)).toMatchObject({ ok: true, folded: record.length });
  });

  it("reads journals of more than one page", async () => {
    const { store, runId, record, loop, engine } = await finished(loopOf(parts(110)));
    expect(record.length).toBeGreaterThan(500);
    expect([...rowsOf(store, runId)].map(({ seq }) => seq)).toEqual(
      Array.from({ length: record.length }, (_, i) => i + 1),
    );
    expect(engine.verifyLog(runId, loop)).toMatchObject({ ok: true, rows: record.length });
  });
});
