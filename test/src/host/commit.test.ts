import { describe, expect, it } from "vitest";
import { verifyRow } from "../../../src/base/chain.ts";
import { digestBytes } from "../../../src/base/digest.ts";
import { commitOf, mustSync, statusOf } from "../../../src/host/commit.ts";
import { createRun } from "../../../src/host/run.ts";
import type { RunCommit } from "../../../src/ports/store.ts";
import {
  failing,
  gate,
  noting,
  originOf,
  recordOf,
  settle,
  stageHost,
  stores,
  turn,
  verdict,
} from "./stage.ts";

const unverifiable = (input: Parameters<typeof verdict>[0]) => verdict(input, "unverifiable");

/** All that was committed of a run until it rests. */
async function committed(options: Parameters<typeof stageHost>[0] = {}): Promise<RunCommit[]> {
  const noted = noting(stores[0]![1]());
  const stage = stageHost({ ...options, store: noted.store });
  stage.begin();
  await settle();
  return noted.batches.flat();
}

const syncs = (commits: RunCommit[]): string[] =>
  commits.filter(mustSync).map(({ row, state }) => `${JSON.parse(row.event).type} ${state}`);

describe("a commit", () => {
  it("holds the row that follows, the snapshot with its digest, and the timer's time", () => {
    const stage = stageHost();
    const record = recordOf("run", 1_000);
    const run = createRun(stage.store, { ...stage.parts, record, epoch: 7, snapshot: null });
    const origin = originOf(record);
    const commit = commitOf(run, { event: origin, at: 1_000, folded: stage.parts.fold.begin(origin) });
    expect(verifyRow(commit.row, null)).toBeNull();
    expect(commit.row).toMatchObject({
      runId: "run",
      seq: 1,
      at: 1_000,
      snapshotDigest: digestBytes(commit.snapshot),
    });
    expect(commit).toMatchObject({
      epoch: 7,
      status: "running",
      state: "acting",
      outcome: null,
      intents: [],
      outcomes: [],
    });
    expect(commit.timers.set).toMatchObject([{ runId: "run", dueAt: 1_000 + 15 * 60_000 }]);
    expect(commit).not.toHaveProperty("directive");
    expect(
      commitOf(run, { event: origin, at: 1, folded: stage.parts.fold.begin(origin), directive: 3 }),
    ).toHaveProperty("directive", 3);
  });

  it("must reach the disk before a dispatch, before an outcome is believed, and when a run starts, parks or ends", async () => {
    expect(syncs(await committed())).toEqual([
      "run.started acting",
      "xstate.done.actor.assess effect.committing",
      "xstate.done.actor.execute effect.confirming",
      "xstate.done.actor.verify succeeded",
    ]);
    expect(syncs(await committed({ script: { verify: unverifiable } }))).toEqual([
      "run.started acting",
      "xstate.done.actor.verify escalated",
    ]);
  });

  it("need not reach the disk at once where the step can start over", async () => {
    const failed = { kind: "failed", ...failing(), usage: null, transcript: null };
    expect(syncs(await committed({ script: { act: () => failed } }))).toEqual(["run.started acting"]);
  });

  it("must reach the disk when it takes in a person's word", async () => {
    const [first] = await committed({ script: { act: () => gate().promise } });
    const { create: _create, ...later } = first!;
    expect([mustSync(later), mustSync({ ...later, directive: 1 })]).toEqual([false, true]);
  });
});

describe("the status of a run", () => {
  it.each([
    ["running", "acting", { act: () => gate().promise }],
    ["parked", "escalated", { verify: unverifiable }],
    ["ended", "succeeded", { act: () => turn({ claim: "done" }) }],
  ] as const)("is %s where it is %s", async (status, state, script) => {
    const stage = stageHost({ script });
    stage.begin();
    await stage.reaches(state);
    expect([statusOf(stage.snapshot()), stage.store.run("run")?.status]).toEqual([status, status]);
  });
});
