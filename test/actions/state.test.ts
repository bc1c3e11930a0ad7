import { expect, it } from "vitest";
import { carriedState, initialState, LoopState } from "../../actions/state.ts";
import { memory } from "../helpers/memory.ts";

it("starts with nothing spent, nothing in flight and nothing in doubt", () => {
  const state = LoopState.parse(initialState({ runId: "run", at: 5, baseTree: "T0" }));
  expect(new Set(Object.values(state.spent))).toEqual(new Set([0]));
  expect(state).toMatchObject({
    call: null,
    doubt: null,
    turn: null,
    workspace: { start: "T0", base: "T0" },
  });
});

it("carries spending, doubt, effect and turn over to a new machine, and nothing that was in flight", () => {
  const doubt = { key: "run/1/0", attempts: [1], at: 1 };
  const spent = { ...memory().spent, tokens: 9, steps: 3 };
  const call = { id: "4", openedAt: 1 };
  const outcome = { status: "stopped" as const, reason: "limit" as const, detail: "steps", at: 9 };
  const verdict = { result: "passed" as const, proposal: "p", tree: null, at: 1 };
  const old = memory({
    doubt,
    spent,
    call,
    calls: 4,
    dueAt: 7,
    outcome,
    verdict,
    abortRequested: true,
    halted: true,
    raised: { steps: 1 },
  });
  const carried = LoopState.parse(carriedState(old));
  expect(carried).toMatchObject({
    doubt,
    spent,
    calls: 4,
    raised: { steps: 1 },
    turn: old.turn,
    halted: true,
  });
  expect(carried).toMatchObject({
    call: null,
    dueAt: null,
    outcome: null,
    verdict: null,
    abortRequested: false,
  });
});

it("refuses a memory with anything unknown in it", () => {
  expect(LoopState.safeParse({ ...memory(), transcript: "…" }).success).toBe(false);
});
