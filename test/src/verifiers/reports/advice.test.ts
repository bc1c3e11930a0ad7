import { describe, expect, it } from "vitest";
import { reportAdvice } from "../../../../src/verifiers/reports/advice.ts";
import { printedByNode } from "../../../helpers/reports.ts";

describe("reportAdvice", () => {
  it("knows what node prints for people, and how to ask for a report", async () => {
    expect(reportAdvice(await printedByNode("spec"))).toContain("--test-reporter=tap");
    expect(reportAdvice(await printedByNode("tap"))).toBeNull();
  });

  it.each([
    ["vitest", " Test Files  1 failed | 2 passed (3)\n      Tests  1 failed", "--reporter=json"],
    ["mocha", "  2 passing (5ms)\n  1 failing\n", "--reporter tap"],
    ["pytest", "=========== 1 failed, 2 passed in 0.12s ===========\n", "--junitxml"],
    ["jest", "Tests:       1 failed, 2 passed, 3 total\nSnapshots:   0 total\n", "jest-junit"],
  ])("knows what %s prints for people", (_runner, printed, ask) => {
    expect(reportAdvice(printed)).toContain(ask);
  });

  it("has no advice on other words", () => {
    expect(reportAdvice("all tests passed")).toBeNull();
  });
});
