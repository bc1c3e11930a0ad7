import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { oncePerTurn, stampOf } from "../../../src/host/queue.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import { applied, eventsOf, gate, settle, stageHost } from "./stage.ts";

it("works once in the next turn, however often it is asked", async () => {
  let worked = 0;
  const wake = oncePerTurn(() => {
    worked += 1;
  });
  wake();
  wake();
  await Promise.resolve();
  expect(worked).toBe(0);
  await nextTurn();
  expect(worked).toBe(1);
  wake();
  await nextTurn();
  expect(worked).toBe(2);
});

it("works again when it is asked while it works", async () => {
  let worked = 0;
  const wake = oncePerTurn(() => {
    worked += 1;
    if (worked < 3) wake();
  });
  wake();
  for (let i = 0; i < 5; i += 1) await nextTurn();
  expect(worked).toBe(3);
});

it("stamps with time and chance of the clock", () => {
  expect(stampOf(fakeClock(7))).toEqual({ at: 7, random: 0.5 });
});

it("takes in nothing of a run that was let go of", async () => {
  const sent = gate();
  const stage = stageHost({ leaseMs: 60, script: { execute: () => sent.promise } });
  stage.begin();
  await stage.reaches("effect.committing");
  stage.crash();
  await new Promise((resolve) => setTimeout(resolve, 60));
  const before = eventsOf(stage.store);
  sent.open(applied);
  await settle();
  expect([stage.released, eventsOf(stage.store)]).toEqual([[{ runId: "run", why: "lost" }], before]);
});
