import { produce } from "immer";
import { describe, expect, it } from "vitest";
import {
  acknowledgeRepetition,
  decideRepetition,
  initialRepetition,
  isRepeating,
  nextRepetition,
  RepetitionRules,
  type RepetitionState,
  shouldNudgeRepetition,
} from "../../guards/repetition.ts";

const defaults = RepetitionRules.parse({});

/** "a b" are two actions whose result is always the same; "a1" and "a2" are one action with different results. */
const observe = (state: RepetitionState, word: string, rules = defaults): RepetitionState =>
  nextRepetition(state, { tool: "t", action: word.slice(0, 1), result: word.slice(1) }, rules);

const seeing = (words: string, rules = defaults, state = initialRepetition): RepetitionState =>
  words.split(" ").reduce((now, word) => observe(now, word, rules), state);

const times = (number: number, words: string): string => Array(number).fill(words).join(" ");

/** The number of the action at which the loop, nudging once, asks a person; `null`: never. */
function escalatedAt(words: string, rules = defaults): number | null {
  let state = initialRepetition;
  for (const [index, word] of words.split(" ").entries()) {
    state = observe(state, word, rules);
    if (isRepeating({ state, rules })) return index + 1;
    if (shouldNudgeRepetition({ state, rules })) state = acknowledgeRepetition(state);
  }
  return null;
}

describe("RepetitionRules", () => {
  it("has finite defaults and refuses what it does not know", () => {
    expect(defaults).toEqual({ rounds: 3, actions: 5, longestCycle: 8, stale: 12, exempt: [] });
    expect(RepetitionRules.safeParse({ period: 3 }).success).toBe(false);
    expect(RepetitionRules.safeParse({ longestCycle: 65 }).success).toBe(false);
  });
});

describe("shouldNudgeRepetition", () => {
  it.each([
    ["the same action at its fifth time", times(5, "a"), true],
    ["the same action four times", times(4, "a"), false],
    ["the third round of two", times(3, "a b"), true],
    ["an unfinished third round", "a b a b a", false],
    ["the third round of the longest cycle", times(3, "a b c d e f g h"), true],
    ["a cycle that is too long", times(4, "a b c d e f g h i"), false],
    ["a cycle after something else", `x y z ${times(3, "a b")}`, true],
    ["a cycle that something new interrupts", "a b a b x a b a b", false],
    ["polling whose result changes", "a1 a2 a3 a4 a5 a6 a7 a8 a9", false],
    ["one action whose result alternates", times(3, "a1 a2"), true],
    ["old actions in no order, at the twelfth", "a b c a a c b a c c b a b b c", true],
    ["old actions in no order, before the twelfth", "a b c a a c b a c c b a b b", false],
  ])("decides on %s", (_, words, expected) => {
    const state = seeing(words);
    expect(shouldNudgeRepetition({ state, rules: defaults })).toBe(expected);
  });

  it("remembers a hit until it is acknowledged, whatever the rest of the turn does", () => {
    const state = seeing(`${times(5, "a")} b c`);
    expect(shouldNudgeRepetition({ state, rules: defaults })).toBe(true);
  });
});

describe("isRepeating", () => {
  it("escalates at the second hit and not before", () => {
    expect(escalatedAt(times(50, "a"))).toBe(9);
    expect(escalatedAt(times(8, "a"))).toBe(null);
    expect(escalatedAt(times(50, "a b"))).toBe(10);
  });

  it("does not forget the nudge, so that pausing in between does not help for ever", () => {
    expect(escalatedAt(`${times(5, "a")} b c d e f g h i j k ${times(5, "a")}`)).toBe(20);
  });

  it("takes any second circle for one, not only the first again", () => {
    expect(escalatedAt(`${times(5, "a")} ${times(3, "b c")}`)).toBe(11);
  });

  it("follows the contract's rules", () => {
    const rules = RepetitionRules.parse({ rounds: 2, actions: 2, longestCycle: 1 });
    expect(escalatedAt("a a a", rules)).toBe(3);
    expect(escalatedAt(times(5, "a b"), rules)).toBe(null);
    expect(escalatedAt(times(20, "a"), RepetitionRules.parse({ actions: 30, stale: 30 }))).toBe(null);
  });
});

describe("decideRepetition", () => {
  it("says yes, nudge, and then repeatedAction", () => {
    expect(decideRepetition(initialRepetition).ok).toBe(true);
    const told = acknowledgeRepetition(seeing(times(5, "a")));
    expect(decideRepetition(seeing(times(5, "a")))).toEqual({ ok: false, reason: "nudge" });
    expect(decideRepetition(told).ok).toBe(true);
    expect(decideRepetition(seeing(times(5, "a"), defaults, told))).toEqual({
      ok: false,
      reason: "repeatedAction",
    });
  });
});

describe("nextRepetition", () => {
  it("tells apart what only joins to the same text", () => {
    const state = ["ab|c", "a|bc"].reduce((now, pair) => {
      const [action = "", result = ""] = pair.split("|");
      return nextRepetition(now, { tool: "t", action, result }, defaults);
    }, initialRepetition);
    expect(new Set(state.recent).size).toBe(2);
  });

  it("spares candidates that fail alike, because their trees differ", () => {
    const state = Array.from({ length: 150 }, (_, n) => n).reduce(
      (now, n) =>
        nextRepetition(now, { tool: "git.commit", action: `commit@tree${n}`, result: "3 failing" }, defaults),
      initialRepetition,
    );
    expect(decideRepetition(state).ok).toBe(true);
  });

  it("sees through calls of exempt tools", () => {
    const rules = RepetitionRules.parse({ exempt: ["wait"] });
    const waiting = { tool: "wait", action: "w", result: "r" };
    let state = initialRepetition;
    for (let n = 0; n < 5; n++) state = nextRepetition(observe(state, "a", rules), waiting, rules);
    expect(shouldNudgeRepetition({ state, rules })).toBe(true);
  });

  it("works on a draft without changing it", () => {
    const before = { repetition: seeing("a b a b a") };
    const next = produce(before, (draft) => {
      draft.repetition = observe(draft.repetition, "b");
    });
    expect(before.repetition).toEqual(seeing("a b a b a"));
    expect(next.repetition).toEqual(seeing(times(3, "a b")));
  });
});
