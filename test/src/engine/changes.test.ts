import { expect, it } from "vitest";
import { changesBetween } from "../../../src/engine/changes.ts";
import { loopOf, stageEngine } from "./stage.ts";

const started = async () => {
  const engine = await stageEngine();
  const run = await engine.start(loopOf({ turns: [{ claim: "stuck" }] }), { goal: "change" });
  await run.outcome;
  return { store: engine.store, record: engine.store.run(run.id)! };
};

it("finds nothing between equals", async () => {
  const { store, record } = await started();
  expect(changesBetween(store, record, loopOf())).toEqual([]);
});

it("names each place that differs, and counts what is too much to list", async () => {
  const { store, record } = await started();
  const limits = {
    steps: 1,
    tokens: 1,
    costMicroUsd: 1,
    effects: 1,
    questions: 1,
    recoveries: 1,
    reverifications: 1,
  };
  const more = { activeMs: 1, deadlineMs: 1 };
  const other = loopOf({
    continue: { limits: { ...limits, ...more } },
    retry: { failuresInARow: 9, sameFailure: 9 },
    maxAgeMs: 77,
    verifyTimeoutMs: 99,
    turnTimeoutMs: 88,
  });
  const [change, ...rest] = changesBetween(store, record, other);
  expect(rest).toEqual([]);
  expect(change?.what).toBe("contract");
  expect(change?.differences).toHaveLength(13);
  expect(change?.differences).toContainEqual(expect.stringContaining("limits.steps: 5 → 1"));
  expect(change?.differences.at(-1)).toMatch(/^and \d+ more$/);
});

it("tells a chart of another version, also where the old one is not on record", async () => {
  const { store, record } = await started();
  const old = store.putBlob('{"structure":{},"version":"0.0.1"}');
  expect(changesBetween(store, { ...record, chartDigest: old }, loopOf())).toMatchObject([
    {
      what: "chart",
      was: old,
      differences: expect.arrayContaining([expect.stringMatching(/^version: "0.0.1" → /)]),
    },
  ]);
  expect(changesBetween(store, { ...record, chartDigest: "gone" }, loopOf())).toMatchObject([
    { what: "chart", differences: ["what it was is not on record"] },
  ]);
});
