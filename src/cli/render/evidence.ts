import { duration } from "../../base/duration.ts";
import type { Evidence, Verdict } from "../../ports/verifier.ts";
import type { Colors } from "../environment.ts";
import { block, cut, oneLine, padTo } from "./text.ts";

const marks: Record<Verdict, string> = { passed: "✓", failed: "✗", unverifiable: "?" };

/** A verdict's mark in its color. */
export function markOf(verdict: Verdict, color: Colors): string {
  const paint =
    { passed: color.green, failed: color.red, unverifiable: color.yellow }[verdict] ?? color.yellow;
  return paint(marks[verdict] ?? "?");
}

/** One check on one line: mark, name, time, summary. */
export function checkLine(
  evidence: Evidence,
  { columns, color }: { columns: number; color: Colors },
): string {
  const text = `${padTo(oneLine(evidence.verifier, 24), 14)} ${duration(evidence.durationMs).padStart(7)}  ${oneLine(evidence.summary, 300)}`;
  return `${markOf(evidence.verdict, color)} ${cut(text, columns - 2)}`;
}

const short = (digest: string): string => oneLine(digest, 80).slice(0, 12);

/** What a check ran and looked at, in lines: command and exit code, counts, tree, and its output where `full`. */
export function evidenceDetails(evidence: Evidence, full: boolean): string[] {
  const { command, exitCode, sandboxed, counts, treeBefore, treeAfter, output } = evidence;
  const counted =
    counts &&
    `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped of ${counts.total}`;
  const tree =
    treeBefore &&
    (treeAfter === undefined || treeAfter === treeBefore
      ? short(treeBefore)
      : `${short(treeBefore)}, changed by the check to ${short(treeAfter)}`);
  return [
    ...(command === undefined
      ? []
      : [
          `ran ${oneLine(command.join(" "), 200)}${sandboxed ? " in the sandbox" : ""}, exit code ${exitCode ?? "none"}`,
        ]),
    ...(counted === undefined ? [] : [counted]),
    ...(tree === undefined ? [] : [`tree ${tree}`]),
    ...(full && output !== undefined && output !== "" ? block(output).map((line) => `| ${line}`) : []),
  ];
}
