import { expect, test } from "vitest";
import { endLines, endRecord, spentText, standing } from "../../../../src/cli/render/end.ts";
import { endOf } from "../ends.ts";
import { plain } from "../stage.ts";

const typed = { program: "loopwright", runId: "7", store: undefined, directory: "/project" };

test.each([
  [{}, "succeeded: the goal is proved on the final state"],
  [{ status: "stopped", reason: "limit", detail: "activeMs" }, "stopped at a limit: active time"],
  [{ status: "stopped", reason: "aborted", detail: "enough" }, "aborted: enough"],
  [{ status: "escalated", reason: "agentAsked", detail: "help\u001b" }, "escalated, agentAsked: help\\u{1b}"],
  [{ status: "awaitingApproval", reason: "git.push", detail: "7/1/0" }, "waiting for approval of git.push"],
] as const)("says how %j stands", (parts, text) => {
  expect(standing(endOf(parts))).toBe(text);
});

test("names the commit, and the commands beside their meaning or below it where the terminal is narrow", () => {
  const end = endOf({
    applied: [{ key: "a", tool: "git.commit", result: { commit: "abc", branch: "loopwright/7" } }],
  });
  const wide = endLines(end, typed, { columns: 120, color: plain });
  expect(wide).toContain("  commit  abc on loopwright/7");
  expect(wide.some((line) => /^ {2}git -C \/project show abc {2,}the commit$/.test(line))).toBe(true);
  expect(endLines(end, typed, { columns: 40, color: plain })).toContain("    the commit");
});

test("says what was spent, leaving out what was not", () => {
  expect(spentText(endOf())).toBe("3 steps, 1.5 s active, 1 effect");
});

test("puts status and commit into the outcome of the JSON line", () => {
  const end = endOf({ applied: [{ key: "a", tool: "git.commit", result: { commit: "abc", branch: "b" } }] });
  expect(endRecord(end)).toMatchObject({
    kind: "end",
    runId: "7",
    outcome: { status: "succeeded", reason: "goal", commit: "abc", branch: "b" },
  });
  expect(endRecord(endOf())).not.toHaveProperty("outcome.commit");
});
