import { expect, it } from "vitest";
import { violationOf } from "./planted.ts";

it.each([
  ["a resume past a doubt", { guards: { mayResume: () => true, isInDoubt: () => false } }],
  ["an answer that nobody could be sure of", { guards: { isAbsentCertain: () => true } }],
  ["a word about another effect", { guards: { maySettle: () => true } }],
] as const)("sees %s", (_, faults) => {
  expect(violationOf("doubtHeld", "asked", faults)).not.toBeNull();
});

it("sees an effect sent again that cannot be", () => {
  expect(violationOf("doubtHeld", "never", { guards: { ruleIs: () => true } })).not.toBeNull();
});
