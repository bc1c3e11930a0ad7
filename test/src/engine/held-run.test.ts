import { expect, it } from "vitest";
import { beginLeg, failRun, type HeldRun, holdRun, restRun } from "../../../src/engine/held-run.ts";
import { createInspection } from "../../../src/engine/inspection.ts";
import { chartOf } from "../../../src/engine/machine.ts";
import type { RunEnd } from "../../../src/engine/types.ts";
import { loopOf } from "./stage.ts";

const end = (status: RunEnd["status"]) => ({ status }) as RunEnd;

function held() {
  const runs = new Map<string, HeldRun>();
  const contract = loopOf();
  const { fold } = chartOf(contract.rules);
  const about = { runId: "run", contract, fold, session: null, snapshot: null as never };
  return { runs, run: holdRun({ runs, inspection: createInspection(undefined) }, about) };
}

it("is held under its id, and moves at first", () => {
  const { runs, run } = held();
  expect(runs.get("run")).toBe(run);
  expect(run.resting).toBe(false);
});

it("has one end for each stretch in which it moves", async () => {
  const { run } = held();
  const first = run.leg.end;
  beginLeg(run);
  expect(run.leg.end).toBe(first);
  restRun(run, end("escalated"));
  expect(run.resting).toBe(true);
  beginLeg(run);
  restRun(run, end("succeeded"));
  expect(await first).toEqual({ status: "escalated" });
  expect(await run.leg.end).toEqual({ status: "succeeded" });
});

it("fails for those who wait, and for nobody else", async () => {
  const { run } = held();
  failRun(run, new Error("disk full"));
  await expect(run.leg.end).rejects.toThrow("disk full");
});
