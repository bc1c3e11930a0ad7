import { expect, test } from "vitest";
import { answerLines } from "../../../../src/cli/render/answers.ts";
import { plain } from "../stage.ts";

const answers = {
  name: "l",
  about: ["agent a"],
  continue: ["word ".repeat(40)],
  verify: ["v\u001b"],
  retry: ["r"],
  escalate: ["e"],
  tools: [],
  notCovered: [],
};

test("reads the four answers back within the terminal and leaves out what is empty", () => {
  const lines = answerLines(answers, { columns: 60, color: plain });
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  expect(lines.filter((line) => line.endsWith("?"))).toHaveLength(4);
  expect(lines).not.toContain("Tools");
  expect(lines.join("\n")).not.toContain("\u001b");
});
