import { expect, test } from "vitest";
import { count, dayAndTime, elapsed, money, plural } from "../../../../src/cli/render/units.ts";

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
