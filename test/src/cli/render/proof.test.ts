import pc from "picocolors";
import { expect, test } from "vitest";
import { checkLoop } from "../../../../src/check/index.ts";
import { proofLines } from "../../../../src/cli/render/proof.ts";
import { contractOf, references } from "../../../helpers/checking.ts";

const style = { columns: 80, color: pc.createColors(false) };

test("shows each property with its verdict, what was left free, and how far the search went", () => {
  const report = checkLoop(references.never!);
  const text = proofLines(report, style).join("\n");
  for (const { name } of report.properties) expect(text).toContain(name);
  expect(text).toContain("? withinBudget");
  expect(text).toContain("the agent does not say the most that one turn can use");
  expect(text).toMatch(/keyed: the policy says allow, in scope or not/);
  expect(text).toContain(
    `${report.properties.length - 1} of ${report.properties.length} properties proved; all that can happen`,
  );
});

test("says once that the search was cut off", () => {
  const lines = proofLines(checkLoop(contractOf(), { statesMax: 5 }), style);
  expect(lines.filter((line) => line.includes("statesMax (5)"))).toHaveLength(1);
});

test("fits the terminal", () => {
  const lines = proofLines(checkLoop(references.never!), { ...style, columns: 60 });
  const texts = lines.filter((line) => !line.startsWith("    ")).slice(0, -1);
  expect(Math.max(...texts.map((line) => line.length))).toBeLessThanOrEqual(60);
});
