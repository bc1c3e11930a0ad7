import { expect, it } from "vitest";
import type { Place } from "../../../src/check/explore.ts";
import { untaken } from "../../../src/check/untaken.ts";

const transitions = [
  { from: "a", on: "go", guard: null, to: "passing" },
  { from: "passing", on: "", guard: "is so", to: "b" },
  { from: "passing", on: "", guard: null, to: "c" },
  { from: "c", on: "go", guard: null, to: "a" },
  { from: "", on: "abort", guard: "may abort", to: "c" },
];

it("says of each transition that was not taken why", () => {
  const places = [{ state: "a" }, { state: "b" }] as Place[];
  expect(
    untaken(transitions, { places, taken: new Set([0, 1]) }).map(({ from, to, why }) => [from, to, why]),
  ).toEqual([
    ["passing", "c", "something before it is always taken"],
    ["c", "a", "c is never entered"],
    ["", "c", "may abort never holds here"],
  ]);
  expect(untaken(transitions, { places, taken: new Set([0, 1, 2, 3, 4]) })).toEqual([]);
});
