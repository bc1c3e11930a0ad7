import { expect, it } from "vitest";
import { crashCases, toolCrashCases } from "../../../../src/testing/cases/crash.ts";
import { subjectOf } from "../../../../src/testing/cases/subject.ts";
import { references } from "../../../helpers/checking.ts";
import { playAll } from "./playing.ts";

it.each([
  ["safe", "put", 5],
  ["safe", "read", 2],
  ["asked", "asked", 6],
  ["never", "drop", 5],
  ["never", "keyed", 5],
] as const)("predicts what a crash does to a run of the contract %s around %s", async (name, tool, count) => {
  const contract = references[name]!;
  expect(await playAll(contract, toolCrashCases(contract, subjectOf(contract, tool)))).toHaveLength(count);
});

it("kills the process in every state that any run has", async () => {
  expect(await playAll(references.safe!, crashCases(references.safe!))).toHaveLength(2);
  expect(await playAll(references.asked!, crashCases(references.asked!))).toHaveLength(3);
});
