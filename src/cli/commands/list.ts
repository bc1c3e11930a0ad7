import type { RunFilter, RunStatus } from "../../ports/store.ts";
import { type AddCommand, jsonFlag, storeFlag } from "../command.ts";
import type { Environment } from "../environment.ts";
import { amountOf, choiceOf } from "../numbers.ts";
import { listLines } from "../render/list.ts";
import { jsonLine } from "../render/text.ts";
import { withRuns } from "../session.ts";

const statuses: readonly RunStatus[] = ["running", "parked", "ended"];
/** Runs listed where no number is given: a few screens. */
const limitDefault = "50";

type ListOptions = { json?: true; store?: string; loop?: string; status?: string; limit: string };

function filterOf({ loop, status, limit }: ListOptions): RunFilter {
  return {
    limit: amountOf("--limit", limit, 1),
    ...(loop === undefined ? {} : { loop }),
    ...(status === undefined ? {} : { status: choiceOf("--status", status, statuses) }),
  };
}

function list(environment: Environment, options: ListOptions): Promise<number> {
  const filter = filterOf(options);
  const { out, color } = environment;
  return withRuns(environment, options, async (engine) => {
    const runs = engine.list(filter);
    const lines = listLines(runs, { columns: out.columns(), color, store: engine.store.location });
    out.write(options.json ? jsonLine(runs) : `${lines.join("\n")}\n`);
    return 0;
  });
}

export const addList: AddCommand = (program, environment, finish) => {
  program
    .command("list")
    .description("List runs, newest first")
    .option("--loop <NAME>", "only runs of this loop")
    .option("--status <STATUS>", `only runs that are ${statuses.join(", ")}`)
    .option("--limit <N>", "at most so many", limitDefault)
    .option(...storeFlag)
    .option(...jsonFlag)
    .action(async (options: ListOptions) => finish(await list(environment, options)));
};
