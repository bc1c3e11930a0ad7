import type { Command } from "commander";
import type { Raise } from "../../../guards/continue.ts";
import { LoopwrightError } from "../../base/errors.ts";
import type { ContractChange, Engine } from "../../engine/types.ts";
import type { RunRecord } from "../../ports/store.ts";
import { type AddCommand, runArgument, storeFlag } from "../command.ts";
import { type DriveOptions, drive } from "../drive.ts";
import type { Environment } from "../environment.ts";
import { exitCodes } from "../exit-codes.ts";
import { limitNames, limitWords } from "../limits.ts";
import { amountOf } from "../numbers.ts";
import { oneLine } from "../render/text.ts";
import { contractOf, findRun, withRuns } from "../session.ts";

type ResumeFlags = DriveOptions & { say?: string; acceptChange?: true; yes?: true } & Record<string, unknown>;

const camel = (flag: string): string =>
  `add-${flag}`.replace(/-(\w)/g, (_all, char: string) => char.toUpperCase());

/** What the `--add-…` flags add, in the limits' own units. */
function raiseOf(flags: ResumeFlags): Raise {
  const entries = limitNames.flatMap((name) => {
    const { flag, factor } = limitWords[name];
    const text = flags[camel(flag)];
    return typeof text === "string" ? [[name, amountOf(`--add-${flag}`, text, factor)] as const] : [];
  });
  return Object.fromEntries(entries);
}

const changeLines = (changes: readonly ContractChange[]): string[] =>
  changes.flatMap(({ what, differences }) => [
    `the ${what} has changed since the run was started:`,
    ...differences.map((line) => `  ${oneLine(line, 200)}`),
  ]);

/** What a person has to agree to before the run goes on. */
function questionsOf({ id, loop }: RunRecord, raise: Raise, changes: readonly ContractChange[]): string[] {
  const raised = limitNames.flatMap((name) =>
    raise[name] === undefined ? [] : [`${limitWords[name].show(raise[name])} more ${limitWords[name].label}`],
  );
  return [
    ...(raised.length === 0 ? [] : [`Give run ${id} of loop ${loop} ${raised.join(", ")}?`]),
    ...(changes.length === 0
      ? []
      : [`Go on with run ${id} under the changed ${changes.map(({ what }) => what).join(" and ")}?`]),
  ];
}

/** Asks on the terminal; where nobody can be asked only `--yes` agrees. */
async function agreed(
  environment: Environment,
  questions: readonly string[],
  yes: true | undefined,
): Promise<boolean> {
  if (yes === true || questions.length === 0) return true;
  if (!environment.interactive) {
    throw new LoopwrightError({
      code: "usage",
      message: `this needs a person's word and there is no terminal to ask on: ${questions.join(" ")}`,
      fix: "add --yes to agree beforehand",
    });
  }
  for (const question of questions) if (!(await environment.confirm(question))) return false;
  return true;
}

/** Shows what has changed since the start; refuses unless the change is accepted. */
function shownChanges(
  environment: Environment,
  changes: readonly ContractChange[],
  flags: ResumeFlags,
): void {
  if (changes.length === 0) return;
  const lines = changeLines(changes);
  if (flags.acceptChange !== true) {
    throw new LoopwrightError({
      code: "run",
      message: lines.join("\n"),
      fix: "put it back, or accept the change with --accept-change; open grants are then void",
    });
  }
  environment.err.write(`${lines.join("\n")}\n`);
}

async function goOn(
  environment: Environment,
  engine: Engine,
  words: { run: string; file?: string },
  flags: ResumeFlags,
): Promise<number> {
  const record = findRun(engine, words.run);
  const raise = raiseOf(flags);
  const { contract, contractFile } = await contractOf(environment, record, words.file);
  const changes = engine.changes(record.id, contract, contractFile);
  shownChanges(environment, changes, flags);
  if (!(await agreed(environment, questionsOf(record, raise, changes), flags.yes))) {
    environment.err.write("nothing was changed\n");
    return exitCodes.refused.code;
  }
  const handle = await engine.resume(record.id, {
    contract,
    contractFile,
    raise,
    ...(flags.say === undefined ? {} : { say: flags.say }),
    ...(flags.acceptChange === true ? { acceptChange: true } : {}),
  });
  return drive({ environment, engine, handle, contract, options: flags, after: record.length });
}

const addLimitFlags = (command: Command): Command =>
  limitNames.reduce((all, name) => {
    const { flag, label, placeholder } = limitWords[name];
    return all.option(`--add-${flag} <${placeholder}>`, `raise this limit: ${label}`);
  }, command);

export const addResume: AddCommand = (program, environment, finish) => {
  const command = program
    .command("resume")
    .description("Go on with a run: after an interruption, a crash, a limit or an escalation")
    .argument(...runArgument)
    .argument("[CONTRACT]", "contract file (default: the one the run was started with)")
    .option("--say <TEXT>", "an instruction for the agent's next turn");
  addLimitFlags(command)
    .option("--accept-change", "go on although contract or chart have changed; shows the difference")
    .option("--yes", "agree beforehand to what would be asked")
    .option(...storeFlag)
    .option("--json", "print one event a line as JSON; the last line is the end")
    .option("--quiet", "print only how it ended")
    .action(async (run: string, file: string | undefined, flags: ResumeFlags) =>
      finish(
        await withRuns(environment, flags, (engine) =>
          goOn(environment, engine, file === undefined ? { run } : { run, file }, flags),
        ),
      ),
    );
};
