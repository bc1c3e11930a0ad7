import fc from "fast-check";
import { expect, test } from "vitest";
import { amountOf, choiceOf } from "../../../src/cli/numbers.ts";

test("reads amounts in the limit's own unit", () => {
  expect(amountOf("--add-steps", "20", 1)).toBe(20);
  expect(amountOf("--add-cost", "2.5", 1_000_000)).toBe(2_500_000);
  expect(amountOf("--add-minutes", "0.5", 60_000)).toBe(30_000);
});

test.each(["", "0", "-1", "1.5", "1e3", "0x10", " 1", "NaN", "Infinity", "9".repeat(20)])(
  "refuses %j steps",
  (text) => {
    expect(() => amountOf("--add-steps", text, 1)).toThrow(/is not a whole number above 0/);
  },
);

test("returns a positive safe integer or refuses, whatever is typed", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(1, 60_000, 1_000_000), (text, factor) => {
      try {
        const amount = amountOf("--x", text, factor);
        return Number.isSafeInteger(amount) && amount > 0;
      } catch {
        return true;
      }
    }),
  );
});

test("takes a choice from its list only", () => {
  expect(choiceOf("--format", "json", ["mermaid", "json"])).toBe("json");
  expect(() => choiceOf("--format", "toString", ["mermaid", "json"])).toThrow(/not one of mermaid, json/);
});
