import { expect, it } from "vitest";
import { LoopState } from "../../../actions/state.ts";
import { systemClock } from "../../../src/base/system-clock.ts";
import { carriedMemory, continuation, raiseOf } from "../../../src/engine/carrying.ts";
import { memory } from "../../helpers/memory.ts";

it("takes whole numbers of limits, and names what is none", () => {
  expect(raiseOf({})).toEqual({});
  expect(raiseOf({ raise: { steps: 3, tokens: 0 } })).toEqual({ steps: 3, tokens: 0 });
  for (const raise of [{ steps: -1 }, { steps: "3" }, { stepz: 3 }, { actionsPerTurn: 1 }, [1]])
    expect(() => raiseOf({ raise: raise as never })).toThrow(/cannot be added/);
});

it("adds to what was raised before, charges a lost turn, tells the word, and clears the detectors", () => {
  const before = memory({
    raised: { steps: 2 },
    reserved: { tokens: 10, costMicroUsd: 20 },
    streak: { failures: 3, same: 2, fingerprint: "f", origin: "turn" },
  });
  const after = carriedMemory(before, { raise: { steps: 5 }, say: "left \ud83d" });
  expect(LoopState.parse(after)).toMatchObject({
    raised: { steps: 7 },
    reserved: null,
    spent: { tokens: 10, costMicroUsd: 20 },
    streak: { failures: 0, same: 0 },
    feedback: [{ kind: "instruction", text: "left \ufffd" }],
  });
  expect(before.reserved).not.toBeNull();
});

it("keeps doubts, and never grows beyond what a memory may hold", () => {
  const feedback = Array.from({ length: 64 }, () => ({ kind: "nudge" as const, text: "n" }));
  const doubt = { key: "run/1/0", attempts: [1], at: 1 };
  const after = LoopState.parse(carriedMemory(memory({ feedback, doubt }), { say: "more" }));
  expect(after.doubt).toEqual(doubt);
  expect(after.feedback).toHaveLength(64);
});

it("never goes back in time", () => {
  const record = { id: "run", updatedAt: 9e15, contractDigest: "c", chartDigest: "h" } as never;
  const about = { because: "limitRaised", by: "ann", clock: systemClock } as const;
  expect(continuation(record, memory(), about)).toMatchObject({
    type: "run.continued",
    at: 9e15,
    by: "ann",
    signed: false,
  });
});
