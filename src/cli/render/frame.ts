import type { LimitName } from "../../../guards/continue.ts";
import type { Colors } from "../environment.ts";
import { limitWords } from "../limits.ts";
import { checkLine } from "./evidence.ts";
import { cut, oneLine, padTo } from "./text.ts";
import { elapsed } from "./units.ts";
import type { View } from "./view.ts";

/** Columns below which the bars make room for the numbers. */
const barColumnsMin = 60;
const barWidth = 20;
const checksMax = 8;

type Size = { columns: number; rows: number };
type Style = { size: Size; color: Colors; now: number; note: string };

const usedOf = ({ limits, remaining }: View, name: LimitName): number =>
  Math.max(0, limits[name] - remaining[name]);

/** The limits worth a line: always steps, time and deadline, the others once something of them is used. */
const shown = (view: View): LimitName[] =>
  (Object.keys(limitWords) as LimitName[]).filter(
    (name) => name === "steps" || name === "activeMs" || (name !== "deadlineMs" && usedOf(view, name) > 0),
  );

function bar(share: number, color: Colors): string {
  const filled = Math.min(barWidth, Math.round(share * barWidth));
  const paint = share >= 0.9 ? color.red : share >= 0.7 ? color.yellow : color.green;
  return paint("█".repeat(filled)) + color.dim("░".repeat(barWidth - filled));
}

function budgetLine(view: View, name: LimitName, { size, color }: Style): string {
  const { label, show } = limitWords[name];
  const used = usedOf(view, name);
  const text = `${show(used)} of ${show(view.limits[name])}`;
  if (size.columns < barColumnsMin) return cut(`${padTo(label, 12)} ${text}`, size.columns);
  return `${padTo(label, 16)} ${bar(used / Math.max(1, view.limits[name]), color)}  ${cut(text, size.columns - barWidth - 20)}`;
}

function metricLine({ metric }: View): string[] {
  if (metric === null || metric.now === null) return [];
  const { name, now, best, first } = metric;
  return [`metric  ${oneLine(name, 40)}: now ${now}, best ${best}, at the start ${first}`];
}

const lastLine = (output: string): string =>
  oneLine(
    output
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? "",
  );

const doing: Record<string, string> = {
  act: "agent",
  verify: "checks",
  assess: "facts",
  observe: "read",
  execute: "dispatch",
  reconcile: "asking the tool",
  confirm: "confirmation",
};

function stateLine(view: View, { size, color, now }: Style): string {
  const during = view.call === null ? "" : ` · ${doing[view.call] ?? view.call}`;
  const rest = ` · step ${usedOf(view, "steps")}${during} · ${elapsed(now - view.since)}`;
  const state = cut(view.state, size.columns - 2);
  return `${color.cyan("●")} ${color.bold(state)}${cut(rest, size.columns - 2 - state.length)}`;
}

/** The moving part of the terminal: never wider nor higher than it, so that it can be drawn over. */
export function frame(view: View, style: Style): string {
  const { size, color } = style;
  const dim = (line: string) => color.dim(cut(line, size.columns));
  const output = lastLine(view.output);
  const lines = [
    stateLine(view, style),
    ...view.checks
      .slice(0, checksMax)
      .map((check) => `  ${checkLine(check, { columns: size.columns - 2, color })}`),
    ...metricLine(view).map((line) => `  ${cut(line, size.columns - 2)}`),
    ...(view.failure === null ? [] : [`  ${color.red(cut(`failed  ${view.failure}`, size.columns - 2))}`]),
    ...shown(view).map(
      (name) => `  ${budgetLine(view, name, { ...style, size: { ...size, columns: size.columns - 2 } })}`,
    ),
    ...(output === "" ? [] : [dim(`  │ ${output}`)]),
    dim(`  ${style.note}`),
  ];
  const room = Math.max(1, size.rows - 1);
  return lines.length <= room
    ? lines.join("\n")
    : [lines[0], ...lines.slice(lines.length - room + 1)].slice(0, room).join("\n");
}
