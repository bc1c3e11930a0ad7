import { type AddCommand, contractFlag, jsonFlag, runArgument, storeFlag } from "../command.ts";
import type { Environment } from "../environment.ts";
import { exitCodes } from "../exit-codes.ts";
import { jsonLine, oneLine } from "../render/text.ts";
import { plural } from "../render/units.ts";
import { contractOf, findRun, withRuns } from "../session.ts";

type VerifyLogOptions = { json?: true; store?: string; contract?: string };

/** Checks a run's hash chain and that its events fold to what is stored. */
function verifyLog(environment: Environment, word: string, options: VerifyLogOptions): Promise<number> {
  const { out, color } = environment;
  return withRuns(environment, options, async (engine) => {
    const record = findRun(engine, word);
    const { contract } = await contractOf(environment, record, options.contract);
    const report = engine.verifyLog(record.id, contract);
    const { rows, folded, ok, problem } = report;
    if (options.json) out.write(jsonLine(report));
    else if (ok)
      out.write(
        `${color.green("clean")}: ${plural(rows, "row")} chained, ${folded} folded again to the stored snapshots\n`,
      );
    else out.write(`${color.red("damaged")} at row ${problem?.seq}: ${oneLine(problem?.message ?? "")}\n`);
    return ok ? exitCodes.succeeded.code : exitCodes.internal.code;
  });
}

export const addVerifyLog: AddCommand = (program, environment, finish) => {
  program
    .command("verify-log")
    .description("Check a run's journal: its hash chain, and that it folds to what is stored")
    .argument(...runArgument)
    .option(...contractFlag)
    .option(...storeFlag)
    .option(...jsonFlag)
    .action(async (word: string, options: VerifyLogOptions) =>
      finish(await verifyLog(environment, word, options)),
    );
};
