import { expect, test } from "vitest";
import { checkLine, evidenceDetails, markOf } from "../../../../src/cli/render/evidence.ts";
import { widthOf } from "../../../../src/cli/render/text.ts";
import type { Evidence } from "../../../../src/ports/verifier.ts";
import { plain } from "../stage.ts";

const evidence: Evidence = {
  verifier: "tests",
  verdict: "failed",
  summary: "62 of 64 tests passed",
  fingerprint: "f",
  durationMs: 1_900,
  command: ["npm", "test"],
  exitCode: 1,
  counts: { passed: 62, failed: 2, skipped: 0, total: 64 },
  treeBefore: "a".repeat(40),
  treeAfter: "b".repeat(40),
  output: "boom\u001b[2J",
};

test("marks each verdict apart", () => {
  const marks = (["passed", "failed", "unverifiable"] as const).map((verdict) => markOf(verdict, plain));
  expect(new Set(marks).size).toBe(3);
});

test("fits a check on one line of the terminal", () => {
  expect(checkLine(evidence, { columns: 80, color: plain })).toBe(
    "✗ tests            1.9 s  62 of 64 tests passed",
  );
  expect(
    widthOf(checkLine({ ...evidence, summary: "宽".repeat(200) }, { columns: 40, color: plain })),
  ).toBeLessThanOrEqual(40);
});

test("shows what was run and looked at, and the output only in full", () => {
  const details = evidenceDetails(evidence, false);
  expect(details[0]).toBe("ran npm test, exit code 1");
  expect(details[1]).toBe("62 passed, 2 failed, 0 skipped of 64");
  expect(details[2]).toContain("changed by the check");
  expect(details.join()).not.toContain("boom");
  expect(evidenceDetails(evidence, true).at(-1)).toBe("| boom\\u{1b}[2J");
});
