import fc from "fast-check";
import { expect, test } from "vitest";
import { duration } from "../../../src/base/duration.ts";

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
