import { describe, expect, it } from "vitest";
import { recordIntent } from "../../actions/effect.ts";
import { recordFailure } from "../../actions/failure.ts";
import type { LoopState } from "../../actions/state.ts";
import {
  beginStep,
  closeStep,
  nextAction,
  nudge,
  observeRefusal,
  observeResult,
  recordTurn,
  tell,
  voidRest,
} from "../../actions/turn.ts";
import { ProgressRules } from "../../guards/progress.ts";
import { RepetitionRules } from "../../guards/repetition.ts";
import { turnOf } from "../helpers/driving.ts";
import { changed, memory } from "../helpers/memory.ts";

const rules = RepetitionRules.parse({});
const feedback = { kind: "instruction" as const, text: "x" };

it("begins a step of its own, without the last one's failure", () => {
  expect(changed(memory({ step: null }), beginStep)).toMatchObject({
    spent: { steps: 1 },
    failure: null,
    step: { results: [] },
  });
});

describe("recordTurn", () => {
  it("takes in the turn; what the agent was told is told, and no old verdict or effect stays", () => {
    const verdict = { result: "passed" as const, proposal: "p", tree: null, at: 1 };
    const before = memory({ cursor: 2, verdict, feedback: [feedback] });
    const turn = turnOf({ tools: ["read"], tree: "T5" });
    expect(changed(before, (state) => recordTurn(state, { turn, memory: "m" }))).toMatchObject({
      turn,
      cursor: 0,
      verdict: null,
      effect: null,
      feedback: [],
      memory: "m",
      workspace: { start: "T5" },
      step: { tree: "T5" },
    });
  });
});

it("forgets the oldest of what there is to tell, beyond 64", () => {
  const many = Array.from({ length: 70 }).reduce<LoopState>(
    (state, _, i) => changed(state, (draft) => tell(draft, { feedback: { ...feedback, text: `${i}` } })),
    memory(),
  );
  expect([many.feedback.length, many.feedback[0]]).toEqual([64, { ...feedback, text: "6" }]);
});

describe("the repetition detector", () => {
  it("sees the result of the action under way", () => {
    const seen = changed(memory(), (state) => observeResult(state, { result: "r", answered: true, rules }));
    expect(seen.step?.results).toEqual(["write(a) r"]);
    expect(
      changed(memory(), (state) => observeResult(state, { result: "r", answered: false, rules })).step
        ?.results,
    ).toEqual([]);
    expect(seen.repetition.recent).toHaveLength(1);
    expect(
      changed(memory({ cursor: 2 }), (state) => observeResult(state, { result: "r", answered: true, rules })),
    ).toEqual(memory({ cursor: 2 }));
  });

  it("sees a refused proposal as a result of each action that is left, or of the turn itself", () => {
    const refused = (before: LoopState) =>
      changed(before, (state) => observeRefusal(state, { result: "r", rules })).repetition.recent.length;
    expect(refused(memory())).toBe(2);
    expect(refused(memory({ cursor: 1 }))).toBe(1);
    expect(refused(memory({ turn: turnOf({ changed: true }) }))).toBe(1);
    expect(refused(memory({ turn: null }))).toBe(0);
  });
});

it("nudges in words, and remembers that it did", () => {
  const nudged = changed(
    memory(),
    (state) => nudge(state, { about: "repetition" }),
    (state) => nudge(state, { about: "progress" }),
  );
  expect(nudged.feedback.map(({ kind }) => kind)).toEqual(["nudge", "nudge"]);
  expect([nudged.repetition.nudged, nudged.progress.nudged]).toEqual([true, true]);
});

it("goes on to the next action without the last one's effect", () => {
  const before = changed(memory(), (state) =>
    recordIntent(state, { key: "run/0/0", tool: "write", grants: [], now: 1 }),
  );
  expect(changed(before, nextAction)).toMatchObject({ cursor: 1, effect: null });
});

describe("voidRest", () => {
  it("voids what follows, and the claim with it", () => {
    const voided = changed(memory({ turn: turnOf({ tools: ["write", "safe"], claim: "done" }) }), voidRest);
    expect(voided.turn).toMatchObject({ claim: null, actions: [{ tool: "write" }] });
  });

  it("leaves the claim where nothing follows", () => {
    const last = memory({ cursor: 1, turn: turnOf({ tools: ["write", "safe"], claim: "done" }) });
    expect(changed(last, voidRest)).toEqual(last);
    expect(changed(memory({ turn: null }), voidRest).turn).toBeNull();
  });
});

it("measures progress once a step", () => {
  const close = (state: Parameters<typeof closeStep>[0]) =>
    closeStep(state, { rules: ProgressRules.parse({}) });
  const closed = changed(memory({ turn: turnOf({}) }), close);
  expect(closed.step).toBeNull();
  expect(closed.progress).not.toEqual(memory().progress);
  expect(changed(closed, close)).toEqual(closed);
});

it("measures no progress in a step whose turn failed", () => {
  const failure = {
    origin: "turn" as const,
    errorClass: "timeout" as const,
    ...{ message: "m", retryAfterMs: null, fingerprint: "f", score: null },
  };
  const failed = changed(memory(), (state) => recordFailure(state, { failure }));
  const closed = changed(failed, (state) => closeStep(state, { rules: ProgressRules.parse({}) }));
  expect(closed.step).toBeNull();
  expect(closed.progress).toEqual(failed.progress);
});
