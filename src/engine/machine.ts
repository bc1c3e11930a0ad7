import { createLoopMachine } from "../../machines/loop.ts";
import type { LoopRules } from "../../machines/rules.ts";
import { canonicalJson } from "../base/digest.ts";
import { version } from "../base/version.ts";
import { createFold, type Fold, type Machine } from "../host/fold.ts";

/** The chart as canonical JSON: states, transitions, guards and actions by name, and the version of this package. */
export function chartText(machine: Machine): string {
  const named = JSON.stringify(machine.config, (_key, value) => (typeof value === "function" ? "ƒ" : value));
  return canonicalJson({ version, structure: JSON.parse(named) });
}

/** The machine of one contract as a fold, with what it is made of. */
export function chartOf(rules: LoopRules): { fold: Fold; text: string } {
  const machine = createLoopMachine(rules);
  return { fold: createFold(machine), text: chartText(machine) };
}
