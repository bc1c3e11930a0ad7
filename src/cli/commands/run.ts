import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { LoopwrightError } from "../../base/errors.ts";
import { type AddCommand, storeFlag } from "../command.ts";
import { uncontained } from "../containment.ts";
import { type DriveOptions, drive } from "../drive.ts";
import type { Environment } from "../environment.ts";
import { oneLine } from "../render/text.ts";
import { withEngine } from "../session.ts";

type RunOptions = DriveOptions & { goal?: string; in?: string; id?: string };

function goalOf({ goal = "" }: RunOptions): string {
  if (goal.trim() !== "") return goal;
  throw new LoopwrightError({
    code: "usage",
    field: "--goal",
    message: "the goal is empty",
    fix: 'say what the loop is to reach, for example --goal "make the tests pass"',
  });
}

function directoryOf(environment: Environment, { in: given = "." }: RunOptions): string {
  const directory = resolve(environment.cwd, given);
  if (existsSync(directory) && statSync(directory).isDirectory()) return directory;
  throw new LoopwrightError({
    code: "usage",
    field: "--in",
    message: `there is no directory ${directory}`,
    fix: "give the directory of the project to work on",
  });
}

const warning = (sentence: string): string => `note: ${oneLine(sentence)}`;

/** Starts a run and stays with it until it ends, parks or is interrupted. */
async function run(environment: Environment, file: string, options: RunOptions): Promise<number> {
  const goal = goalOf(options);
  const directory = directoryOf(environment, options);
  const contractFile = resolve(environment.cwd, file);
  const contract = await environment.loadContract(contractFile);
  const id = options.id === undefined ? {} : { id: options.id };
  return withEngine(environment, options, async (engine) => {
    const handle = await engine.start(contract, { goal, directory, contractFile, ...id });
    if (!options.json && !options.quiet) {
      const warnings = uncontained(contract, await environment.sandbox());
      const lines = [`run ${handle.id} of loop ${contract.name} in ${directory}`, ...warnings.map(warning)];
      environment.out.write(lines.map((line) => `${line}\n`).join(""));
    }
    return drive({ environment, engine, handle, contract, options, after: 0 });
  });
}

export const addRun: AddCommand = (program, environment, finish) => {
  program
    .command("run")
    .description("Run a loop until its goal is proved, a limit is reached or a person is needed")
    .argument("CONTRACT", "contract file")
    .requiredOption("--goal <TEXT>", "what the loop is to reach (required)")
    .option("--in <DIR>", "the project to work on (default: the working directory)")
    .option(...storeFlag)
    .option("--id <ID>", "id of the run (default: a new one)")
    .option("--json", "print one event a line as JSON; the last line is the end")
    .option("--quiet", "print only how it ended")
    .action(async (file: string, options: RunOptions) => finish(await run(environment, file, options)));
};
