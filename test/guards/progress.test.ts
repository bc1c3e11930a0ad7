import fc from "fast-check";
import { produce } from "immer";
import { describe, expect, it } from "vitest";
import {
  acknowledgeProgress,
  calmProgress,
  decideProgress,
  initialProgress,
  isStuck,
  nextProgress,
  ProgressRules,
  ProgressState,
  type StepObservation,
  shouldNudgeProgress,
} from "../../guards/progress.ts";

const byNews = ProgressRules.parse({});
const lower = ProgressRules.parse({ metric: { name: "failing" }, patience: 4 });
const higher = ProgressRules.parse({ metric: { name: "score", direction: "higher" }, patience: 4 });
const toZero = ProgressRules.parse({ metric: { name: "failing", target: 0 }, patience: 4 });

type Step = Partial<StepObservation>;
const nothing: StepObservation = { metric: null, verdict: null, tree: null, results: null, empty: false };
const measured = (metric: number | null): Step => ({ metric, verdict: "failed", tree: `tree ${metric}` });
const read = (results: string): Step => ({ results });
const failed: Step = {};
const times = (number: number, step: Step): Step[] => Array(number).fill(step);
const numbered = (number: number, step: (n: number) => Step): Step[] =>
  Array.from({ length: number }, (_, n) => step(n));

const seeing = (steps: readonly Step[], rules = byNews, start = initialProgress): ProgressState =>
  steps.reduce((state: ProgressState, step) => nextProgress(state, { ...nothing, ...step }, rules), start);

/** The steps after which the loop tells the agent, and the one after which it asks a person. */
function story(steps: readonly Step[], rules = byNews): { nudges: number[]; stuckAt: number | null } {
  const nudges: number[] = [];
  let state = initialProgress;
  for (const [index, step] of steps.entries()) {
    state = seeing([step], rules, state);
    if (isStuck({ state, rules })) return { nudges, stuckAt: index + 1 };
    if (!shouldNudgeProgress({ state, rules })) continue;
    nudges.push(index + 1);
    state = acknowledgeProgress(state);
  }
  return { nudges, stuckAt: null };
}

describe("ProgressRules", () => {
  it("has finite defaults, more patient with a metric, lower being better", () => {
    expect(byNews).toEqual({ patience: 4, window: 32 });
    expect(ProgressRules.parse({ metric: { name: "failing" } })).toEqual({
      metric: { name: "failing", direction: "lower" },
      patience: 10,
      window: 32,
    });
  });

  it("gives the same when parsed again", () => {
    expect(ProgressRules.parse(toZero)).toEqual(toZero);
  });

  it.each([{ patience: 0 }, { patience: Number.POSITIVE_INFINITY }, { metric: {} }, { window: 0 }])(
    "refuses %j",
    (rules) => {
      expect(ProgressRules.safeParse(rules).success).toBe(false);
    },
  );
});

describe("with a metric", () => {
  it("tells the agent at half the patience and asks a person at its end", () => {
    expect(story([measured(5), ...times(9, measured(5))], lower)).toEqual({ nudges: [3], stuckAt: 5 });
  });

  it("measures against the best so far, not against the step before", () => {
    expect(story([9, 5, 8, 7, 6, 5, 5].map(measured), lower)).toEqual({ nudges: [4], stuckAt: 6 });
  });

  it("gives the whole patience back for an improvement", () => {
    const steps = [5, 5, 5, 4, 4, 4, 3, 3].map(measured);
    expect(story(steps, lower)).toEqual({ nudges: [3, 6], stuckAt: null });
  });

  it("takes higher for better where the contract says so", () => {
    const steps = [1, 2, 3, 4, 5, 6, 7, 8].map(measured);
    expect(story(steps, higher)).toEqual({ nudges: [], stuckAt: null });
    expect(story(steps, lower).stuckAt).toBe(5);
  });

  it("says what each step was against the best before it", () => {
    const changes = [5, 7, 5, 3, null].map((_, index, all) =>
      seeing(all.slice(0, index + 1).map(measured), lower),
    );
    expect(changes.map(({ score, best, change }) => [score, best, change])).toEqual([
      [5, 5, "better"],
      [7, 5, "worse"],
      [5, 5, "equal"],
      [3, 3, "better"],
      [null, 3, null],
    ]);
  });

  it("is not impressed by new trees and results", () => {
    expect(
      story(
        numbered(9, (n) => ({ ...measured(5), tree: `t${n}`, results: `r${n}` })),
        lower,
      ).stuckAt,
    ).toBe(5);
  });

  it("judges by news once the target is reached", () => {
    const news = numbered(9, (n) => ({ ...measured(0), tree: `t${n}` }));
    expect(story([measured(3), ...news], toZero)).toEqual({ nudges: [], stuckAt: null });
    expect(story([measured(0), ...times(9, failed)], toZero).stuckAt).toBe(5);
  });
});

describe("without a metric", () => {
  it.each<[string, Step[], number[], number | null]>([
    ["failures from the start", times(9, failed), [2], 4],
    ["empty turns, whatever the tree", times(9, { empty: true, tree: "t", verdict: "v" }), [2], 4],
    ["failures after some news", [...numbered(3, (n) => read(`r${n}`)), ...times(9, failed)], [8], 10],
    ["failures after much news", [...numbered(50, (n) => read(`r${n}`)), ...times(9, failed)], [56], 58],
    ["ever new results", numbered(20, (n) => read(`r${n}`)), [], null],
    ["the same result over and over", times(20, read("r")), [7], 11],
    ["two known results in turn", numbered(20, (n) => read(`r${n % 2}`)), [10], 14],
    ["the same verdict on the same tree", times(20, { verdict: "v", tree: "t" }), [7], 11],
    ["the same verdict on new trees", numbered(20, (n) => ({ verdict: "v", tree: `t${n}` })), [], null],
    ["new verdicts on the same tree", numbered(20, (n) => ({ verdict: `v${n}`, tree: "t" })), [], null],
    ["every other step a failure", numbered(20, (n) => (n % 2 === 0 ? failed : read(`r${n}`))), [], null],
    [
      "two failures for each bit of news",
      numbered(20, (n) => (n % 3 === 2 ? read(`r${n}`) : failed)),
      [2],
      8,
    ],
  ])("decides on %s", (_, steps, nudges, stuckAt) => {
    expect(story(steps)).toEqual({ nudges, stuckAt });
  });

  it("counts as news again what fell out of the window", () => {
    const rules = ProgressRules.parse({ window: 3 });
    expect(
      story(
        numbered(40, (n) => read(`r${n % 4}`)),
        rules,
      ),
    ).toEqual({ nudges: [], stuckAt: null });
    expect(
      story(
        numbered(40, (n) => read(`r${n % 3}`)),
        rules,
      ).stuckAt,
    ).not.toBeNull();
  });

  it("pays no attention to a metric nobody declared", () => {
    expect(seeing([measured(5)])).toMatchObject({ score: null, best: null, change: null });
  });

  it("tells the agent before it asks a person, however short the patience", () => {
    expect(story(times(9, failed), ProgressRules.parse({ patience: 1 }))).toEqual({
      nudges: [1],
      stuckAt: 2,
    });
  });

  it("tells the agent anew after it has made up for its failures", () => {
    const steps = [failed, failed, read("a"), read("b"), failed, failed, failed, failed];
    expect(story(steps)).toEqual({ nudges: [2, 6], stuckAt: 8 });
  });
});

describe("calmProgress", () => {
  it("grants patience and the nudge again, and keeps what was reached and seen", () => {
    const tired = acknowledgeProgress(seeing(times(9, measured(5)), lower));
    expect(decideProgress({ state: tired, rules: lower })).toEqual({ ok: false, reason: "noProgress" });
    const calm = calmProgress(tired);
    expect(decideProgress({ state: calm, rules: lower }).ok).toBe(true);
    expect(calm).toMatchObject({ best: 5, seen: tired.seen });
  });
});

describe("nextProgress", () => {
  const word = fc.constantFrom("a", "b", "c", null);
  const step = fc.record({
    metric: fc.option(fc.integer({ min: 0, max: 5 })),
    verdict: word,
    tree: word,
    results: word,
    empty: fc.boolean(),
  });
  const steps = fc.array(step, { maxLength: 60 });
  const someRules = fc.constantFrom(byNews, lower, higher, toZero, ProgressRules.parse({ window: 3 }));

  it("stays bounded JSON and leaves what it is given alone", () => {
    fc.assert(
      fc.property(steps, someRules, step, (all, rules, one) => {
        const state = seeing(all, rules);
        const before = structuredClone(state);
        const next = nextProgress(Object.freeze(state), one, rules);
        expect(state).toEqual(before);
        expect(ProgressState.parse(JSON.parse(JSON.stringify(next)))).toEqual(next);
        expect(next.seen.length).toBeLessThanOrEqual(rules.window);
        expect(Math.abs(next.idle)).toBeLessThanOrEqual(rules.patience);
      }),
    );
  });

  it("keeps the best that was ever measured", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (metrics) => {
        expect(seeing(metrics.map(measured), lower).best).toBe(Math.min(...metrics));
        expect(seeing(metrics.map(measured), higher).best).toBe(Math.max(...metrics));
      }),
    );
  });

  it("ends a run that only repeats itself, whatever came before", () => {
    fc.assert(
      fc.property(steps, someRules, step, (all, rules, one) => {
        expect(story([...all, ...times(40, one)], rules).stuckAt).not.toBeNull();
      }),
    );
  });

  it("never asks a person before the agent was told", () => {
    fc.assert(
      fc.property(steps, someRules, (all, rules) => {
        const { nudges, stuckAt } = story(all, rules);
        if (stuckAt !== null) expect(nudges.at(-1)).toBeLessThan(stuckAt);
      }),
    );
  });

  it("works on a draft without changing it", () => {
    const before = { progress: acknowledgeProgress(seeing([failed])) };
    const next = produce(before, (draft) => {
      draft.progress = acknowledgeProgress(
        nextProgress(draft.progress, { ...nothing, ...read("r") }, byNews),
      );
    });
    expect(before.progress).toEqual(acknowledgeProgress(seeing([failed])));
    expect(next.progress).toEqual(acknowledgeProgress(seeing([failed, read("r")])));
  });
});
