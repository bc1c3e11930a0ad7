import { createCallMachine } from "../machines/call.ts";
import { createLoopMachine } from "../machines/loop.ts";
import { LoopRules } from "../machines/rules.ts";
import { diagram } from "../src/diagram/diagram.ts";

/** The generated pictures of the machines under default rules, by file name. */
export function pictures(): Record<string, string> {
  const rules = LoopRules.parse({});
  const machines = { loop: createLoopMachine(rules), call: createCallMachine(rules) };
  return Object.fromEntries(
    Object.entries(machines).flatMap(([name, machine]) => [
      [`${name}.mmd`, diagram(machine, "mermaid")],
      [`${name}.json`, diagram(machine, "json")],
    ]),
  );
}
