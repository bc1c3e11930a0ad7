import { describe, expect, it } from "vitest";
import {
  acceptKnown,
  clearFailures,
  countReconciliation,
  endStreak,
  moveWorkspace,
  recordAbsent,
  recordApplied,
  recordIntent,
  recordLate,
  recordNotApplied,
  recordUnknown,
} from "../../actions/effect.ts";
import { recordFailure } from "../../actions/failure.ts";
import type { LoopState } from "../../actions/state.ts";
import type { FailureOrigin } from "../../guards/retry.ts";
import { changed, memory } from "../helpers/memory.ts";

const send = (before: LoopState, now: number, grants: string[] = []) =>
  changed(before, (state) => recordIntent(state, { key: "run/1/0", tool: "write", grants, now }));
const late = (before: LoopState, attempt: number, outcome: "applied" | "notApplied", key = "run/1/0") =>
  changed(before, (state) => recordLate(state, { key, attempt, outcome, result: "late" }));
const once = send(memory(), 10, ["g"]);
const twice = send(once, 20);

describe("recordIntent", () => {
  it("numbers the attempts under one key and doubts each of them", () => {
    expect(once.effect).toMatchObject({ key: "run/1/0", attempts: 1, lastSentAt: 10, grants: ["g"] });
    expect(once.doubt).toEqual({ key: "run/1/0", attempts: [1], at: 10 });
    expect(twice.effect).toMatchObject({ attempts: 2, grants: [] });
    expect(twice.doubt?.attempts).toEqual([1, 2]);
  });
});

describe("an outcome", () => {
  it("ends the doubt, counts the effect and tells the agent when applied", () => {
    const applied = changed(twice, (state) => recordApplied(state, { result: 42 }));
    expect(applied).toMatchObject({
      doubt: null,
      effect: { applied: true, result: 42 },
      spent: { effects: 1 },
    });
    expect(applied.feedback).toEqual([{ kind: "applied", tool: "write", result: 42 }]);
  });

  it("says nothing of an earlier attempt when the last was not applied", () => {
    expect(changed(once, recordNotApplied).doubt).toBeNull();
    expect(changed(twice, recordNotApplied).doubt?.attempts).toEqual([1]);
  });

  it("is of the key, not of an attempt, when found absent", () => {
    expect(changed(twice, recordAbsent).doubt).toBeNull();
  });

  it("may have been sent until it was given up", () => {
    const unknown = changed(once, (state) => recordUnknown(state, { now: 99 }));
    expect(unknown.effect?.lastSentAt).toBe(99);
    expect(unknown.doubt).not.toBeNull();
  });

  it("changes nothing where nothing was dispatched", () => {
    const nothing = memory();
    const all = changed(
      nothing,
      recordNotApplied,
      (state) => recordApplied(state, { result: 1 }),
      acceptKnown,
      countReconciliation,
      (state) => recordUnknown(state, { now: 1 }),
    );
    expect(all).toEqual(nothing);
  });
});

describe("recordLate", () => {
  it("settles the doubt when applied, to be counted once", () => {
    const known = late(twice, 1, "applied");
    expect(known).toMatchObject({ doubt: null, effect: { knownApplied: true }, spent: { effects: 0 } });
    const taken = changed(known, acceptKnown);
    expect(taken).toMatchObject({ effect: { applied: true, knownApplied: false }, spent: { effects: 1 } });
    expect(late(taken, 2, "applied").effect?.knownApplied).toBe(false);
  });

  it("closes exactly the attempt that it tells of when not applied", () => {
    expect(late(twice, 1, "notApplied").doubt?.attempts).toEqual([2]);
    expect(late(late(twice, 1, "notApplied"), 2, "notApplied").doubt).toBeNull();
    expect(late(changed(once, recordNotApplied), 1, "notApplied").doubt).toBeNull();
  });

  it("ignores another effect", () => {
    expect(late(once, 1, "applied", "run/9/9")).toEqual(once);
    expect(late(memory(), 1, "applied")).toEqual(memory());
  });
});

describe("what goes with an effect", () => {
  it("counts the questions to the tool", () => {
    expect(changed(once, countReconciliation, countReconciliation).effect?.reconciliations).toBe(2);
  });

  it("moves the workspace, and the step with it", () => {
    const moved = changed(memory(), (state) => moveWorkspace(state, { tree: "T2" }));
    expect([moved.workspace.start, moved.step?.tree]).toEqual(["T2", "T2"]);
    const stepless = changed(memory({ step: null }), (state) => moveWorkspace(state, { tree: "T2" }));
    expect([stepless.workspace.start, stepless.step]).toEqual(["T2", null]);
  });

  it("forgets the failures in a row, of stages that were passed only", () => {
    const failed = (origin: FailureOrigin) =>
      changed(memory(), (state) =>
        recordFailure(state, {
          failure: {
            origin,
            errorClass: "denied",
            message: "no",
            retryAfterMs: null,
            fingerprint: "f",
            score: null,
          },
        }),
      );
    const passed = (origin: FailureOrigin) =>
      changed(failed(origin), (state) => endStreak(state, { of: ["turn", "proposal"] }));
    expect(passed("proposal").streak).toEqual(memory().streak);
    expect(passed("effect").streak.failures).toBe(1);
    expect(passed("effect").failure).toBeNull();
    expect(changed(failed("effect"), clearFailures).streak.failures).toBe(0);
  });
});
