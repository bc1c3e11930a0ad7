import { describe, expect, it } from "vitest";
import { messageCharsMax } from "../../../../src/base/limits.ts";
import { failuresShownMax } from "../../../../src/verifiers/limits.ts";
import { explain } from "../../../../src/verifiers/reports/explain.ts";
import type { TestCase } from "../../../../src/verifiers/reports/report.ts";

const failed = (name: string, message = "why"): TestCase => ({
  kind: "test",
  name,
  outcome: "failed",
  message,
});

describe("explain", () => {
  it("names problems, tests and messages", () => {
    expect(
      explain({ problems: ["1 of 2 tests failed"], failed: [failed("a", "x\n\ny")], output: "noise" }),
    ).toBe("1 of 2 tests failed\n\nFAILED a\n  x\n  y");
  });

  it("shows the output where a suite did not start, or nothing failed by name", () => {
    const suite: TestCase = { ...failed("a.test.js"), kind: "suite" };
    expect(explain({ problems: ["p"], failed: [suite], output: "SyntaxError" })).toContain("SyntaxError");
    expect(explain({ problems: ["no test ran"], failed: [], output: "crash" })).toContain("crash");
  });

  it("stays within its bounds and says how many more there are", () => {
    const many = Array.from({ length: 100 }, (_item, index) => failed(`t${index}`));
    expect(explain({ problems: [], failed: many, output: "" })).toContain(
      `and ${100 - failuresShownMax} more`,
    );
    const long = many.map((item) => ({ ...item, kind: "suite" as const, message: "m".repeat(5_000) }));
    const text = explain({ problems: ["p"], failed: long, output: "o".repeat(9_000) });
    expect(text.length).toBeLessThanOrEqual(messageCharsMax);
    expect(text).toContain("Output:");
  });
});
