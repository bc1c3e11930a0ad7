import { expect, test } from "vitest";
import { LimitName } from "../../../guards/continue.ts";
import { isLimitName, limitNames, limitWords } from "../../../src/cli/limits.ts";

test("has words and a flag of its own for every limit", () => {
  expect([...limitNames].sort()).toEqual(Object.keys(limitWords).sort());
  expect(limitNames).toEqual(LimitName.options);
  const flags = limitNames.map((name) => limitWords[name].flag);
  expect(new Set(flags).size).toBe(flags.length);
});

test("knows a limit's name from another word", () => {
  expect(isLimitName("steps")).toBe(true);
  expect(isLimitName("somebody said so")).toBe(false);
});
