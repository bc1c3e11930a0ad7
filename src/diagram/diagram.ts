import type { AnyStateMachine } from "xstate";
import { chartOf } from "./chart.ts";
import { mermaid } from "./mermaid.ts";

export const diagramFormats = ["mermaid", "json"] as const;
export type DiagramFormat = (typeof diagramFormats)[number];

/** Draws a machine from its definition: a Mermaid state diagram, or states and transitions as JSON. */
export function diagram(machine: AnyStateMachine, format: DiagramFormat): string {
  const chart = chartOf(machine);
  return format === "json" ? `${JSON.stringify(chart, null, 2)}\n` : mermaid(chart);
}
