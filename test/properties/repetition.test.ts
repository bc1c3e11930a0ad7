import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  acknowledgeRepetition,
  initialRepetition,
  isRepeating,
  nextRepetition,
  RepetitionRules,
  RepetitionState,
  shouldNudgeRepetition,
} from "../../guards/repetition.ts";

// The detector remembers a window and counters. The oracle remembers everything and looks at every cycle afresh.

type Step = { tool: string; action: string; result: string };

const letter = (letters: string) => fc.constantFrom(...letters);
const step = fc.record({ tool: letter("tu"), action: letter("ab"), result: letter("rs") });
const steps = fc.array(step, { maxLength: 60 });
const someRules = fc
  .record({
    rounds: fc.integer({ min: 2, max: 4 }),
    actions: fc.integer({ min: 2, max: 12 }),
    longestCycle: fc.integer({ min: 1, max: 6 }),
    stale: fc.integer({ min: 2, max: 15 }),
  })
  .map((rules) => RepetitionRules.parse(rules));
/** Only exact cycles: the other signal is out of reach. */
const cyclesOnly = someRules.map((rules) => ({ ...rules, stale: 1_000 }));

const observeAll = (
  all: readonly Step[],
  rules: RepetitionRules,
  start: RepetitionState = initialRepetition,
) => all.reduce((state, one) => nextRepetition(state, one, rules), start);

/** Does the text end in a cycle of this length that came round often enough and is long enough? */
function endsInCycle(texts: readonly string[], cycle: number, { rounds, actions }: RepetitionRules): boolean {
  const length = Math.max(rounds * cycle, actions);
  if (texts.length < length) return false;
  const end = texts.slice(-length);
  return end.every((text, index) => index < cycle || text === end[index - cycle]);
}

const cyclesUpTo = (longest: number): number[] => Array.from({ length: longest }, (_, index) => index + 1);

function oracle(all: readonly Step[], rules: RepetitionRules): boolean {
  const texts = all.map((one) => JSON.stringify(one));
  return texts.some((_, end) =>
    cyclesUpTo(rules.longestCycle).some((cycle) => endsInCycle(texts.slice(0, end + 1), cycle, rules)),
  );
}

const isStaleAt = (texts: readonly string[], index: number, window: number): boolean =>
  texts.slice(Math.max(0, index - window), index).includes(texts[index]!);

function longestStale(all: readonly Step[], window: number): number {
  const texts = all.map((one) => JSON.stringify(one));
  let now = 0;
  return texts.reduce((longest, _, index) => {
    now = isStaleAt(texts, index, window) ? now + 1 : 0;
    return Math.max(longest, now);
  }, 0);
}

describe("the repetition detector", () => {
  it("finds exactly the cycles that looking at everything finds", () => {
    fc.assert(
      fc.property(steps, cyclesOnly, (all, rules) => {
        expect(observeAll(all, rules).hit).toBe(oracle(all, rules));
      }),
      { numRuns: 1_000 },
    );
  });

  it("finds exactly the stale stretches that looking at everything finds", () => {
    fc.assert(
      fc.property(steps, someRules, (all, rules) => {
        const expected = oracle(all, rules) || longestStale(all, rules.longestCycle) >= rules.stale;
        expect(observeAll(all, rules).hit).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("finds every cycle no longer than the longest looked for, whatever came before", () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        cyclesOnly,
        (before, cycle, rules) => {
          const long = { ...rules, longestCycle: Math.max(rules.longestCycle, cycle.length) };
          const rounds = Math.max(rules.rounds, Math.ceil(rules.actions / cycle.length));
          const all = [...before, ...Array<Step[]>(rounds).fill(cycle).flat()];
          expect(observeAll(all, long).hit).toBe(true);
        },
      ),
    );
  });

  it("escalates an endless cycle in the end although it is nudged once only", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), someRules, (cycle, rules) => {
        const long = { ...rules, longestCycle: 6 };
        const enough = observeAll(Array<Step[]>(20).fill(cycle).flat(), long);
        expect(shouldNudgeRepetition({ state: enough, rules: long })).toBe(true);
        const again = observeAll(Array<Step[]>(20).fill(cycle).flat(), long, acknowledgeRepetition(enough));
        expect(isRepeating({ state: again, rules: long })).toBe(true);
      }),
    );
  });

  it("never takes results that change for circles", () => {
    fc.assert(
      fc.property(steps, someRules, (all, rules) => {
        const changing = all.map((one, index) => ({ ...one, result: String(index) }));
        expect(observeAll(changing, rules).hit).toBe(false);
      }),
    );
  });

  it("sees no difference whether exempt tools were called", () => {
    fc.assert(
      fc.property(steps, someRules, (all, rules) => {
        const exempting = { ...rules, exempt: ["u"] };
        const others = all.filter(({ tool }) => tool !== "u");
        expect(observeAll(all, exempting)).toEqual(observeAll(others, rules));
      }),
    );
  });

  it("stays bounded JSON and leaves what it is given alone", () => {
    fc.assert(
      fc.property(steps, someRules, step, (all, rules, one) => {
        const state = observeAll(all, rules);
        const before = structuredClone(state);
        const next = nextRepetition(Object.freeze(state), one, rules);
        expect(state).toEqual(before);
        expect(JSON.parse(JSON.stringify(next))).toEqual(RepetitionState.parse(next));
        expect(next.recent.length).toBeLessThanOrEqual(rules.longestCycle);
        expect(Math.max(...next.matches)).toBeLessThanOrEqual(Math.max(3 * 6, rules.actions));
        expect(next.stale).toBeLessThanOrEqual(rules.stale);
      }),
    );
  });
});
