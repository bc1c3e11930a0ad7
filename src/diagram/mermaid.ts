import type { Chart, ChartState, ChartTransition } from "./chart.ts";

/** The node that stands for every state, where a transition applies everywhere. */
const anywhere = "any";

const nodeOf = (id: string): string => id.replaceAll(".", "_");
const nameOf = (id: string): string => id.split(".").at(-1)!;

/** A transition without a guard that comes after guarded ones for the same event is taken when none of them is. */
function guardOf(transition: ChartTransition, all: readonly ChartTransition[]): string | null {
  const { from, on, guard } = transition;
  const isLast = all.some((other) => other.from === from && other.on === on && other.guard !== null);
  return guard ?? (isLast ? "otherwise" : null);
}

function labelOf(transition: ChartTransition, all: readonly ChartTransition[]): string {
  const guard = guardOf(transition, all);
  return [transition.on, ...(guard === null ? [] : [`[${guard}]`])].join(" ").trim();
}

function stateLines(state: ChartState, chart: Chart, indent: string): string[] {
  const { id, kind, call, parked } = state;
  const notes = [...(call === null ? [] : [`calls ${call}`]), ...(parked ? ["waits for a person"] : [])];
  const title = notes.length === 0 ? nameOf(id) : `${nameOf(id)}<br/>(${notes.join(", ")})`;
  const declared = `${indent}state "${title}" as ${nodeOf(id)}`;
  if (kind !== "compound") return [declared];
  const inner = chart.states
    .filter(({ parent }) => parent === id)
    .flatMap((child) => stateLines(child, chart, `${indent}  `));
  return [`${declared} {`, `${indent}  [*] --> ${nodeOf(state.initial!)}`, ...inner, `${indent}}`];
}

/** Arrows between the same two states are drawn as one, their labels below each other. */
function arrows(transitions: readonly ChartTransition[]): string[] {
  const labels = new Map<string, string[]>();
  for (const transition of transitions) {
    const { from, to } = transition;
    if (to === null) continue;
    const arrow = `${from === null ? anywhere : nodeOf(from)} --> ${nodeOf(to)}`;
    const label = labelOf(transition, transitions);
    const known = labels.get(arrow) ?? [];
    labels.set(arrow, label === "" || known.includes(label) ? known : [...known, label]);
  }
  return [...labels].map(([arrow, all]) =>
    all.length === 0 ? `  ${arrow}` : `  ${arrow} : ${all.join("<br/>")}`,
  );
}

/** A Mermaid state diagram, for any Markdown viewer that draws it. */
export function mermaid(chart: Chart): string {
  const top = chart.states.filter(({ parent }) => parent === null);
  const lines = [
    "stateDiagram-v2",
    "  direction TB",
    `  [*] --> ${nodeOf(chart.initial)}`,
    ...top.flatMap((state) => stateLines(state, chart, "  ")),
    `  state "any state" as ${anywhere}`,
    ...arrows(chart.transitions),
    ...chart.states.filter(({ kind }) => kind === "final").map(({ id }) => `  ${nodeOf(id)} --> [*]`),
  ];
  return `${lines.join("\n")}\n`;
}
