import { resolve } from "node:path";
import { answersOf } from "../answers.ts";
import { type AddCommand, jsonFlag } from "../command.ts";
import type { Environment } from "../environment.ts";
import { answerLines } from "../render/answers.ts";
import { jsonLine } from "../render/text.ts";

/** Validates a contract and reads its answers back. */
async function check(environment: Environment, file: string, { json }: { json?: true }): Promise<number> {
  const { out, color, cwd } = environment;
  const contract = await environment.loadContract(resolve(cwd, file));
  const answers = answersOf(contract, await environment.sandbox());
  out.write(
    json ? jsonLine(answers, 2) : `${answerLines(answers, { columns: out.columns(), color }).join("\n")}\n`,
  );
  return 0;
}

export const addCheck: AddCommand = (program, environment, finish) => {
  program
    .command("check")
    .description("Validate a contract and read its four answers back")
    .argument("CONTRACT", "contract file")
    .option(...jsonFlag)
    .action(async (file: string, options: { json?: true }) =>
      finish(await check(environment, file, options)),
    );
};
