import { relative, resolve } from "node:path";
import {
  annotationsOf,
  type CheckReport,
  checkLoop,
  declaredProperties,
  junitOf,
  mermaidOf,
  regressionOf,
  verdictOf,
} from "../../check/index.ts";
import { answersOf } from "../answers.ts";
import { type AddCommand, jsonFlag } from "../command.ts";
import type { Environment } from "../environment.ts";
import { exitCodes } from "../exit-codes.ts";
import { amountOf, choiceOf } from "../numbers.ts";
import { answerLines } from "../render/answers.ts";
import { proofLines } from "../render/proof.ts";
import { jsonLine } from "../render/text.ts";
import { count } from "../render/units.ts";

const formats = ["text", "json", "junit", "github", "mermaid", "vitest"] as const;
type Format = (typeof formats)[number];
const evaluators = ["configuration", "xstate"] as const;
type Options = {
  json?: true;
  format: string;
  /** False for `--no-proof`. */
  proof: boolean;
  states: string;
  seconds: string;
  through: string;
};

const exits = {
  proved: exitCodes.succeeded,
  violated: exitCodes.violated,
  inconclusive: exitCodes.inconclusive,
} as const;

/** How far the search is, on a terminal only. */
function progressOn({ err, color }: Environment) {
  const { stream } = err;
  if (stream === null) return { tell: () => {}, end: () => {} };
  let told = performance.now();
  return {
    tell({ states, open }: { states: number; open: number }): void {
      if (performance.now() - told < 200) return;
      told = performance.now();
      stream.write(`\r${color.dim(`proving: ${count(states)} states, ${count(open)} to go`)}\u001b[K`);
    },
    end: () => void stream.write("\r\u001b[K"),
  };
}

/** What each format shows of a report. */
function rendered(report: CheckReport, format: Exclude<Format, "text" | "json">, file: string, cwd: string) {
  const open = report.properties.filter(({ trace }) => trace.length > 0);
  switch (format) {
    case "junit":
      return junitOf(report);
    case "github":
      return annotationsOf(report, file, cwd);
    case "mermaid":
      return open.map(({ name, trace, cycle }) => `%% ${name}\n${mermaidOf(trace, cycle)}`).join("\n");
    case "vitest":
      return open
        .map((property) => regressionOf(property, property.trace, `./${relative(cwd, file)}`))
        .join("\n");
  }
}

/** Validates a contract, reads its answers back, and proves its properties. */
async function check(environment: Environment, given: string, options: Options): Promise<number> {
  const { out, color, cwd } = environment;
  const file = resolve(cwd, given);
  const format = options.json ? "json" : choiceOf("--format", options.format, formats);
  const bounds = {
    statesMax: amountOf("--states", options.states, 1),
    timeMaxMs: amountOf("--seconds", options.seconds, 1) * 1_000,
    through: choiceOf("--through", options.through, evaluators),
  };
  const { contract, properties: exported } = await environment.loadContractModule(file);
  const properties = declaredProperties(exported, file);
  const answers = answersOf(contract, await environment.sandbox());
  const style = { columns: out.columns(), color };
  if (format === "text") out.write(`${answerLines(answers, style).join("\n")}\n`);
  if (!options.proof) {
    if (format !== "text") out.write(jsonLine({ answers }, 2));
    return exitCodes.succeeded.code;
  }
  const progress = progressOn(environment);
  const report = checkLoop(contract, {
    properties,
    ...bounds,
    onProgress: progress.tell,
  });
  progress.end();
  if (format === "text") out.write(`\n${proofLines(report, style).join("\n")}\n`);
  else if (format === "json") out.write(jsonLine({ ...report, answers }, 2));
  else out.write(rendered(report, format, file, cwd));
  return exits[verdictOf(report)].code;
}

export const addCheck: AddCommand = (program, environment, finish) => {
  program
    .command("check")
    .description("Validate a contract, read its four answers back, and prove its properties")
    .argument("CONTRACT", "contract file; what it exports as `properties` is proved too")
    .option(...jsonFlag)
    .option(
      "--format <FORMAT>",
      `how: ${formats.join(", ")}; mermaid and vitest show what is violated`,
      "text",
    )
    .option("--no-proof", "only validate, and read the answers back")
    .option("--states <N>", "states after which the search gives up", "500000")
    .option("--seconds <N>", "seconds after which the search gives up", "120")
    .option(
      "--through <EVALUATOR>",
      `what evaluates the chart: ${evaluators.join(", ")} (XState itself, and slower)`,
      "configuration",
    )
    .action(async (file: string, options: Options) => finish(await check(environment, file, options)));
};
