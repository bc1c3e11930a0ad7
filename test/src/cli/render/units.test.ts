import fc from "fast-check";
import { expect, test } from "vitest";
import { count, dayAndTime, duration, elapsed, money, plural } from "../../../../src/cli/render/units.ts";

test.each([
  [0, "0 ms"],
  [850, "850 ms"],
  [1_240, "1.2 s"],
  [59_600, "1 min"],
  [61_000, "1 min 1 s"],
  [3_599_999, "1 h"],
  [86_395_000, "1 d"],
  [90_000_000, "1 d 1 h"],
  [604_800_000, "7 d"],
])("says %i ms as %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("never says sixty of a unit that has a larger one", () => {
  fc.assert(fc.property(fc.nat(2 ** 31), (ms) => !/\b(60 s|60 min|24 h)\b/.test(duration(ms))));
});

test("counts whole seconds up", () => {
  expect([0, 999, 1_999, 61_000].map(elapsed)).toEqual(["0 s", "0 s", "1 s", "1 min 1 s"]);
});

test.each([
  [0, "$0"],
  [2_000_000, "$2"],
  [350_000, "$0.35"],
  [500_000, "$0.50"],
  [12, "$0.000012"],
  [1_234_567_890_000, "$1,234,567.89"],
])("says %i millionths as %s", (amount, text) => {
  expect(money(amount)).toBe(text);
});

test("sets thousands apart and counts nouns", () => {
  expect(count(1_234_567)).toBe("1,234,567");
  expect([plural(1, "step"), plural(0, "step"), plural(1_000, "step")]).toEqual([
    "1 step",
    "0 steps",
    "1,000 steps",
  ]);
});

test("writes day and time", () => {
  expect(dayAndTime(0)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});
