import { type EventLog, Parser, type Plan, type Result } from "tap-parser";
import { casesOf, failedSuite, type IsFile, type ReportNode, type TestCase } from "./report.ts";

/**
 * Reads TAP, nested subtests included. Only test points count, never the summary in comments: those can be printed by
 * the code under test. A report without its plan, or with fewer points than planned, is a failure of its own.
 */
export function readTap(text: string, isFile: IsFile): TestCase[] | null {
  const log = Parser.parse(text);
  const { nodes, problems } = levelOf(log);
  // The parser makes up an empty plan for a text that has none.
  if (nodes.length === 0 && !/^\s*\d+\.\.\d+/m.test(text)) return null;
  return [...casesOf(nodes, isFile), ...problems.map((problem) => failedSuite(["TAP"], problem))];
}

type Level = { nodes: ReportNode[]; problems: string[] };

function levelOf(log: EventLog): Level {
  const nodes: ReportNode[] = [];
  const problems: string[] = [];
  let plan: Plan | null = null;
  let inside: ReportNode[] | null = null;
  for (const [event, value] of log) {
    if (event === "plan") plan = value as Plan;
    if (event === "bailout") problems.push(`the run bailed out: ${String(value)}`);
    if (event === "child") {
      const child = levelOf(value as EventLog);
      inside = child.nodes;
      problems.push(...child.problems);
    }
    if (event === "assert") {
      nodes.push(nodeOf(value as Result, inside));
      inside = null;
    }
  }
  // A subtest whose closing point never came still holds tests that ran.
  if (inside !== null) nodes.push(...inside);
  return { nodes, problems: [...problems, ...planProblem(plan, nodes.length)] };
}

function planProblem(plan: Plan | null, points: number): string[] {
  if (plan === null) return ["the report ends before its plan: the run was cut off"];
  const planned = Math.max(0, plan.end - plan.start + 1);
  return planned === points ? [] : [`${planned} test points were planned and ${points} reported`];
}

const nodeOf = (result: Result, children: ReportNode[] | null): ReportNode => ({
  name: result.name,
  ok: result.ok,
  skipped: result.skip !== false || result.todo !== false,
  message: messageIn(result.diag),
  children,
});

function messageIn(diag: unknown): string {
  if (typeof diag !== "object" || diag === null) return "";
  const { error, message } = diag as { error?: unknown; message?: unknown };
  if (typeof error === "object" && error !== null) return messageIn(error);
  return [error, message].filter((text) => typeof text === "string").join("\n");
}
