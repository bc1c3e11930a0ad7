import { expect, test } from "vitest";
import { statusLines } from "../../../../src/cli/render/status.ts";
import { contract, openStage, plain } from "../stage.ts";

test("asks the eight questions in order and answers each", async () => {
  const { run } = openStage();
  await run("run", contract("doubtful"), "--goal", "put", "--id", "a", "--quiet");
  const report = JSON.parse((await run("status", "a", "--json")).out);
  const lines = statusLines(report, { columns: 80, color: plain, now: report.state.since + 2_000 });
  const questions = lines.filter((line) => /^\d\. /.test(line));
  expect(questions.map((line) => line.slice(0, 2))).toEqual(["1.", "2.", "3.", "4.", "5.", "6.", "7.", "8."]);
  for (const question of questions) expect(lines[lines.indexOf(question) + 1]).toMatch(/^ {3}\S/);
  expect(lines.join("\n")).toContain("in doubt after 1 attempt");
});
