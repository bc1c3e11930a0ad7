import { LoopwrightError } from "../../base/errors.ts";
import type { LoopContract } from "../../contract/contract.ts";
import type { RunRecord } from "../../ports/store.ts";
import { type AddCommand, contractFlag, runArgument, storeFlag } from "../command.ts";
import type { Environment } from "../environment.ts";
import { contractOf, findRun, withRuns } from "../session.ts";

type AbortOptions = { reason: string; store?: string; contract?: string };

/** A contract that cannot be loaded must not stand in an abort's way: then only the word is left for the run. */
async function contractIfLoadable(
  environment: Environment,
  record: RunRecord,
  given?: string,
): Promise<LoopContract | undefined> {
  if (given !== undefined) return (await contractOf(environment, record, given)).contract;
  return contractOf(environment, record).then(
    ({ contract }) => contract,
    () => undefined,
  );
}

function reasonOf({ reason }: AbortOptions): string {
  if (reason.trim() !== "") return reason;
  throw new LoopwrightError({
    code: "usage",
    field: "--reason",
    message: "the reason is empty",
    fix: "say why; it is journaled",
  });
}

/** Ends a run as soon as nothing of it is in flight, whoever moves it. */
function abort(environment: Environment, word: string, options: AbortOptions): Promise<number> {
  const reason = reasonOf(options);
  return withRuns(environment, options, async (engine) => {
    const record = findRun(engine, word);
    const contract = await contractIfLoadable(environment, record, options.contract);
    await engine.abort(record.id, { reason, ...(contract === undefined ? {} : { contract }) });
    const ended = engine.store.run(record.id)?.status === "ended";
    environment.out.write(
      ended
        ? `run ${record.id} is aborted\n`
        : `run ${record.id} is told to abort; it ends as soon as nothing is in flight\n`,
    );
    return 0;
  });
}

export const addAbort: AddCommand = (program, environment, finish) => {
  program
    .command("abort")
    .description("End a run as soon as nothing of it is in flight")
    .argument(...runArgument)
    .requiredOption("--reason <TEXT>", "why; it is journaled")
    .option(...contractFlag)
    .option(...storeFlag)
    .action(async (word: string, options: AbortOptions) => finish(await abort(environment, word, options)));
};
