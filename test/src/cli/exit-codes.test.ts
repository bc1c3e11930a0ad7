import { expect, test } from "vitest";
import { exitCodeHelp, exitCodes, exitOf, exitOfError } from "../../../src/cli/exit-codes.ts";

test.each([
  ["succeeded", "goal", 0],
  ["stopped", "limit", 3],
  ["stopped", "aborted", 7],
  ["stopped", "refused", 7],
  ["stopped", "parkTimeout", 4],
  ["escalated", "noProgress", 4],
  ["awaitingApproval", "git.commit", 5],
  ["inDoubt", "unknownOutcome", 6],
  ["interrupted", "interrupted", 130],
  ["lost", "lost", 130],
] as const)("ends a run that is %s for %s with its own code", (status, reason, code) => {
  expect(exitOf({ status, reason })).toBe(code);
});

test("never reports an unknown reason to stop as success", () => {
  expect(exitOf({ status: "stopped", reason: "something new" })).toBe(1);
});

test("tells our own faults from those of usage", () => {
  expect(exitOfError("internal")).toBe(1);
  expect(exitOfError("contract")).toBe(2);
});

test("lists each code once, and all of them in the help", () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(exitCodeHelp()).toMatch(new RegExp(`^ *${code}  \\w`, "m"));
});
