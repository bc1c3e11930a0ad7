import { resolve } from "node:path";
import { createCallMachine } from "../../../machines/call.ts";
import { createLoopMachine } from "../../../machines/loop.ts";
import { LoopRules } from "../../../machines/rules.ts";
import { diagram, diagramFormats } from "../../diagram/diagram.ts";
import type { AddCommand } from "../command.ts";
import type { Environment } from "../environment.ts";
import { choiceOf } from "../numbers.ts";

type GraphOptions = { machine: string; format: string };

const machines = { loop: createLoopMachine, call: createCallMachine };
const machineNames = Object.keys(machines) as (keyof typeof machines)[];

/** Draws the chart under a contract's rules, or under the defaults. */
async function graph(
  environment: Environment,
  file: string | undefined,
  options: GraphOptions,
): Promise<number> {
  const format = choiceOf("--format", options.format, diagramFormats);
  const create = machines[choiceOf("--machine", options.machine, machineNames)];
  const rules =
    file === undefined
      ? LoopRules.parse({})
      : (await environment.loadContract(resolve(environment.cwd, file))).rules;
  environment.out.write(diagram(create(rules), format));
  return 0;
}

export const addGraph: AddCommand = (program, environment, finish) => {
  program
    .command("graph")
    .description("Print the chart as Mermaid or JSON")
    .argument("[CONTRACT]", "contract file (default: the chart under default rules)")
    .option("--machine <NAME>", `which chart: ${machineNames.join(", ")}`, "loop")
    .option("--format <FORMAT>", `how: ${diagramFormats.join(", ")}`, "mermaid")
    .action(async (file: string | undefined, options: GraphOptions) =>
      finish(await graph(environment, file, options)),
    );
};
