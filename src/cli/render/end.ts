import { duration } from "../../base/duration.ts";
import type { RunEnd } from "../../engine/types.ts";
import type { Colors } from "../environment.ts";
import { isLimitName, limitWords } from "../limits.ts";
import { commitOf, nextSteps, type Typed } from "../next-steps.ts";
import { labelled, oneLine, padTo, widthOf } from "./text.ts";
import { count, money, plural } from "./units.ts";

const stopped: Record<string, string> = {
  limit: "stopped at a limit",
  aborted: "aborted",
  parkTimeout: "stopped: nobody came while it was parked",
  refused: "refused",
};

/** What a used-up limit or another detail is called. */
const detailText = (detail: string): string =>
  isLimitName(detail) ? limitWords[detail].label : oneLine(detail, 300);

/** How a run stands, in one line without color. */
export function standing({ status, reason, detail }: Pick<RunEnd, "status" | "reason" | "detail">): string {
  const more = detail === null ? "" : `: ${detailText(detail)}`;
  switch (status) {
    case "succeeded":
      return "succeeded: the goal is proved on the final state";
    case "stopped":
      return `${stopped[reason] ?? `stopped, ${oneLine(reason, 80)}`}${more}`;
    case "escalated":
      return `escalated, ${oneLine(reason, 80)}${more}`;
    case "awaitingApproval":
      return `waiting for approval of ${oneLine(reason, 80)}`;
    case "inDoubt":
      return `in doubt: nobody knows yet whether the effect happened${more}`;
    case "interrupted":
      return "interrupted; nothing is lost";
    case "lost":
      return "another process has taken the run over";
  }
}

export function spentText({ spent }: Pick<RunEnd, "spent">): string {
  const used = [
    plural(spent.steps, "step"),
    `${duration(spent.activeMs)} active`,
    ...(spent.tokens > 0 ? [`${count(spent.tokens)} tokens`] : []),
    ...(spent.costMicroUsd > 0 ? [money(spent.costMicroUsd)] : []),
    plural(spent.effects, "effect"),
    ...(spent.recoveries > 0 ? [plural(spent.recoveries, "restart")] : []),
  ];
  return used.join(", ");
}

const paint = (end: RunEnd, color: Colors) =>
  end.status === "succeeded" ? color.green : end.status === "stopped" ? color.red : color.yellow;

type Style = { columns: number; color: Colors };

/** What to type next, each with what it does beside it, or below it where the terminal is narrow. */
function nextLines(end: RunEnd, typed: Typed, { columns, color }: Style): string[] {
  const next = nextSteps(end, typed);
  const width = Math.max(...next.map(({ command }) => widthOf(command)));
  const isNarrow = next.some(({ does }) => 4 + width + widthOf(does) > columns);
  return next.flatMap(({ command, does }) =>
    isNarrow
      ? [`  ${command}`, `    ${color.dim(does)}`]
      : [`  ${padTo(command, width)}  ${color.dim(does)}`],
  );
}

/** The last lines of a run: how it stands, what was committed and spent, and what to type next. */
export function endLines(end: RunEnd, typed: Typed, style: Style): string[] {
  const { color } = style;
  const commit = commitOf(end);
  const branch = commit === null || commit.branch === null ? "" : ` on ${oneLine(commit.branch, 120)}`;
  return [
    paint(end, color)(color.bold(standing(end))),
    ...(commit === null ? [] : [`  commit  ${oneLine(commit.commit, 64)}${branch}`]),
    ...(end.doubt === null ? [] : [`  doubt   ${oneLine(end.doubt, 120)}`]),
    ...labelled("  spent", spentText(end), { indent: 10, columns: style.columns }),
    "",
    ...nextLines(end, typed, style),
  ];
}

/** The end as a line of `--json`: the outcome, with the commit where one was made. */
export function endRecord(end: RunEnd): object {
  const { runId, status, reason, detail, spent, applied, doubt } = end;
  return { kind: "end", runId, outcome: { status, reason, detail, ...commitOf(end) }, spent, applied, doubt };
}
