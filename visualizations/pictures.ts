import { createCallMachine } from "../machines/call.ts";
import { createLoopMachine } from "../machines/loop.ts";
import { LoopRules } from "../machines/rules.ts";
import { type Chart, chartOf } from "../src/diagram/chart.ts";
import { diagram } from "../src/diagram/diagram.ts";
import { mermaid } from "../src/diagram/mermaid.ts";

/** The loop at a glance: where runs go when nothing is wrong. Crashes, hand-offs and stops may happen in every state. */
function overview(chart: Chart): string {
  const drawn = chart.transitions.filter(
    ({ from, to, on }) =>
      from !== null && from !== to && on !== "host recovered" && to !== "escalated" && to !== "stopped",
  );
  return mermaid({
    ...chart,
    transitions: drawn.map((transition) => ({ ...transition, on: "", guard: null })),
  });
}

/** The generated pictures of the machines under default rules, by file name. */
export function pictures(): Record<string, string> {
  const rules = LoopRules.parse({});
  const machines = { loop: createLoopMachine(rules), call: createCallMachine(rules) };
  const drawn = Object.entries(machines).flatMap(([name, machine]) => [
    [`${name}.mmd`, diagram(machine, "mermaid")],
    [`${name}.json`, diagram(machine, "json")],
  ]);
  return { ...Object.fromEntries(drawn), "overview.mmd": overview(chartOf(machines.loop)) };
}
