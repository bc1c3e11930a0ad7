import fc from "fast-check";
import { produce } from "immer";
import { describe, expect, it } from "vitest";
import {
  acknowledgeProgress,
  calmProgress,
  initialProgress,
  isStuck,
  nextProgress,
  type ProgressObservation,
  ProgressRules,
  ProgressState,
  shouldNudgeProgress,
} from "../../guards/progress.ts";

const defaults = ProgressRules.parse({});
const lower = ProgressRules.parse({ metric: { name: "failing" }, patience: 3 });
const higher = ProgressRules.parse({ metric: { name: "score", direction: "higher" }, patience: 3 });

type Change = Partial<ProgressObservation>;
const nothing: ProgressObservation = { metric: null, verdict: null, tree: null, results: null, empty: false };
const measured = (metric: number | null): Change => ({ metric, verdict: "failed", tree: String(metric) });
const read = (asked: string, results: string): Change => ({ asked, results });
const failed = (asked: string, results: string): Change => ({ asked, results, empty: true });
const empty: Change = { empty: true };
const times = (number: number, step: Change): Change[] => Array(number).fill(step);

const seeing = (steps: Change[], rules: ProgressRules = defaults, state = initialProgress): ProgressState =>
  steps.reduce((now: ProgressState, step) => nextProgress(now, { ...nothing, ...step }, rules), state);

/** The steps at which the loop nudges and asks a person; it asks no further then. */
function story(
  steps: Change[],
  rules: ProgressRules = defaults,
): { nudges: number[]; stuckAt: number | null } {
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
  it("has finite defaults, lower being better", () => {
    expect(defaults).toEqual({ patience: 4 });
    expect(lower.metric).toEqual({ name: "failing", direction: "lower" });
    expect(ProgressRules.safeParse({ patience: 0 }).success).toBe(false);
  });
});

describe("with a metric", () => {
  it("nudges when patience is exhausted and is stuck when it is exhausted again", () => {
    expect(story(times(10, measured(5)), lower)).toEqual({ nudges: [4], stuckAt: 7 });
  });

  it("counts from the last time the best improved, not the last time the metric did", () => {
    const steps = [9, 5, 8, 7, 6, 5, 5, 5].map(measured);
    expect(story(steps, lower)).toEqual({ nudges: [5], stuckAt: 8 });
  });

  it("goes on as long as the best improves within patience", () => {
    const steps = [20, 20, 20, 19, 19, 19, 18, 18, 18, 17].map(measured);
    expect(story(steps, lower)).toEqual({ nudges: [], stuckAt: null });
  });

  it("gives the whole patience back after an improvement that followed a nudge", () => {
    const steps = [5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4].map(measured);
    expect(story(steps, lower)).toEqual({ nudges: [4, 8], stuckAt: 11 });
  });

  it("takes higher for better when the contract says so", () => {
    const steps = [1, 2, 3, 4, 5, 6, 7, 8].map(measured);
    expect(story(steps, higher).nudges).toEqual([]);
    expect(story(steps, lower)).toEqual({ nudges: [4], stuckAt: 7 });
  });

  it.each([
    ["missing", null],
    ["not a number", Number.NaN],
    ["infinite", Number.NEGATIVE_INFINITY],
  ])("takes a metric that is %s for no improvement", (_, metric) => {
    const state = seeing([measured(5), measured(metric)], lower);
    expect(state).toMatchObject({ best: 5, since: 1 });
  });

  it("is not impressed by new trees and results", () => {
    const steps = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ ...measured(5), tree: `t${n}`, results: `r${n}` }));
    expect(story(steps, lower).stuckAt).toBe(7);
  });

  it("lets a search over many candidates go on under a patience that allows it", () => {
    const rules = ProgressRules.parse({ metric: { name: "failing" }, patience: 120 });
    const steps = Array.from({ length: 150 }, (_, n) => measured(n < 100 ? 7 : 6));
    expect(story(steps, rules)).toEqual({ nudges: [], stuckAt: null });
  });
});

describe("without a metric", () => {
  it.each<[string, Change[], number[], number | null]>([
    ["the same read over and over", times(12, read("a", "r")), [5], 9],
    ["one read whose result changes", [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => read("a", `r${n}`)), [], null],
    [
      "other reads with the same result",
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => read(`a${n}`, "r")),
      [],
      null,
    ],
    ["the same verdict on the same tree", times(12, { verdict: "v", tree: "t" }), [5], 9],
    [
      "other actions under the same verdict on the same tree",
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ verdict: "v", tree: "t", asked: `a${n}` })),
      [5],
      9,
    ],
    [
      "the same verdict on new trees",
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ verdict: "v", tree: `t${n}` })),
      [],
      null,
    ],
    ["empty turns from the start", times(12, empty), [3], 6],
    ["empty turns after something worked", [read("a", "r"), ...times(12, empty)], [5], 9],
    ["ever new failures from the start", [1, 2, 3, 4, 5, 6, 7].map((n) => failed(`a${n}`, `e${n}`)), [3], 6],
    [
      "ever new failures after something worked",
      [read("a", "r"), ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => failed(`a${n}`, `e${n}`))],
      [5],
      9,
    ],
    [
      "other attempts with the same failure",
      [read("a", "r"), ...[1, 2, 3, 4, 5, 6, 7].map((n) => failed(`a${n}`, "e"))],
      [4],
      6,
    ],
    ["the same attempt with the same failure", [read("a", "r"), ...times(7, failed("a", "e"))], [3], 5],
    [
      "the same failure between others",
      [read("a", "r"), failed("a", "e"), failed("b", "f"), failed("a", "e"), failed("b", "f")],
      [4],
      5,
    ],
    [
      "a failure now and then",
      Array.from({ length: 12 }, (_, n) => (n % 3 === 2 ? failed("a", "e") : read(`a${n}`, "r"))),
      [],
      null,
    ],
    [
      "failures between reads that say the same",
      Array.from({ length: 12 }, (_, n) => (n % 2 === 1 ? failed(`a${n}`, `e${n}`) : read("a", "r"))),
      [5],
      9,
    ],
  ])("decides on %s", (_, steps, nudges, stuckAt) => {
    expect(story(steps)).toEqual({ nudges, stuckAt });
  });

  it("does not ask a person before the agent was told, however fast patience goes", () => {
    const rules = ProgressRules.parse({ patience: 1 });
    expect(story([read("a", "r"), failed("a", "e"), failed("a", "e")], rules)).toEqual({
      nudges: [2],
      stuckAt: 3,
    });
  });

  it.each<[string, Change[], number]>([
    [
      "dearer when the last attempt failed the same",
      [failed("a", "e"), failed("b", "f"), failed("c", "f")],
      4,
    ],
    [
      "at the usual price when only an earlier one did",
      [failed("a", "e"), failed("b", "f"), failed("c", "e")],
      3,
    ],
    [
      "at the usual price once something else worked",
      [failed("a", "e"), read("b", "r"), failed("a", "e")],
      1,
    ],
  ])("counts a failure %s", (_, steps, since) => {
    expect(seeing(steps).since).toBe(since);
  });
});

describe("calmProgress", () => {
  it("grants patience and the nudge again and keeps the best", () => {
    const tired = acknowledgeProgress(seeing(times(9, measured(5)), lower));
    const calm = calmProgress(tired);
    expect(isStuck({ state: tired, rules: lower })).toBe(true);
    expect(calm).toEqual({ ...initialProgress, best: 5 });
    expect(seeing([measured(5)], lower, calm).since).toBe(1);
  });
});

describe("nextProgress", () => {
  const word = fc.constantFrom("a", "b", null);
  const step = fc.record({
    metric: fc.option(fc.integer({ min: 0, max: 5 })),
    verdict: word,
    tree: word,
    results: word,
    asked: word,
    empty: fc.boolean(),
  });
  const steps = fc.array(step, { maxLength: 60 });
  const rules = fc.constantFrom(defaults, lower, higher);

  it("stays bounded JSON and leaves what it is given alone", () => {
    fc.assert(
      fc.property(steps, rules, step, (all, some, one) => {
        const state = seeing(all, some);
        const before = structuredClone(state);
        const next = nextProgress(Object.freeze(state), one, some);
        expect(state).toEqual(before);
        expect(ProgressState.parse(JSON.parse(JSON.stringify(next)))).toEqual(next);
        expect(next.failures.length).toBeLessThanOrEqual(8);
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
      fc.property(steps, rules, step, (all, some, one) => {
        expect(story([...all, ...times(20, one)], some).stuckAt).not.toBeNull();
      }),
    );
  });

  it("works on a draft without changing it", () => {
    const before = { progress: seeing([failed("a", "e")]) };
    const next = produce(before, (draft) => {
      draft.progress = nextProgress(draft.progress, { ...nothing, ...failed("a", "e") }, defaults);
    });
    expect(before.progress).toEqual(seeing([failed("a", "e")]));
    expect(next.progress).toEqual(seeing(times(2, failed("a", "e"))));
  });
});
