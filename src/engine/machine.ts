import { createLoopMachine, type LoopMachine } from "../../machines/loop.ts";
import type { LoopRules } from "../../machines/rules.ts";
import { canonicalJson } from "../base/digest.ts";
import { version } from "../base/version.ts";
import { createFold, type Fold, type Machine } from "../host/fold.ts";

/** The chart as canonical JSON: states, transitions, guards and actions by name, and the version of this package. */
export function chartText(machine: Machine): string {
  const named = JSON.stringify(machine.config, (_key, value) => (typeof value === "function" ? "ƒ" : value));
  return canonicalJson({ version, structure: JSON.parse(named) });
}

export type Chart = { machine: LoopMachine; fold: Fold; text: string };

function makeChart(rules: LoopRules): Chart {
  const machine = createLoopMachine(rules);
  return { machine, fold: createFold(machine), text: chartText(machine) };
}

const charts = new WeakMap<LoopRules, Chart>();

/** The machine of one contract, as a fold, and as text; made once for the same rules. */
export function chartOf(rules: LoopRules): Chart {
  const chart = charts.get(rules) ?? makeChart(rules);
  charts.set(rules, chart);
  return chart;
}
