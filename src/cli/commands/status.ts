import { type AddCommand, contractFlag, jsonFlag, runArgument, storeFlag } from "../command.ts";
import type { Environment } from "../environment.ts";
import { statusLines } from "../render/status.ts";
import { jsonLine } from "../render/text.ts";
import { contractOf, findRun, withRuns } from "../session.ts";

type StatusOptions = { json?: true; store?: string; contract?: string };

/** Answers the eight questions about a run. */
function status(environment: Environment, word: string, options: StatusOptions): Promise<number> {
  const { out, color, now } = environment;
  return withRuns(environment, options, async (engine) => {
    const record = findRun(engine, word);
    const { contract } = await contractOf(environment, record, options.contract);
    const report = engine.status(record.id, contract);
    out.write(
      options.json
        ? jsonLine(report, 2)
        : `${statusLines(report, { columns: out.columns(), color, now: now() }).join("\n")}\n`,
    );
    return 0;
  });
}

export const addStatus: AddCommand = (program, environment, finish) => {
  program
    .command("status")
    .description("Answer the eight questions about a run: state, freedom, checks owed, budget, …")
    .argument(...runArgument)
    .option(...contractFlag)
    .option(...storeFlag)
    .option(...jsonFlag)
    .action(async (word: string, options: StatusOptions) => finish(await status(environment, word, options)));
};
