import { parseArgs } from "node:util";
import { isLoopwrightError, LoopwrightError, messageOf } from "../../src/base/errors.ts";
import type { LoopContract } from "../../src/contract/index.ts";
import { type Compared, compare, watched } from "./compare.ts";
import { contracts } from "./contracts.ts";
import { chosen, type Mutant, mutantsOf } from "./mutants.ts";
import { panFlags, whatIsMissing } from "./pan.ts";

const help = `Usage: npm run spin -- [--only TEXT] [--all] [--json]

Asks Spin and Loopwright's own checker about the same charts: the chart as it is, which must be proved by both, and
charts in which a fault was planted, on which both must say the same of each property. bench/spin/README.md says what
the model covers and what it does not.

  --only TEXT  of the mutants only those with this in their names
  --all        every guard fixed and every transition dropped, not the chosen thirty: hours, not minutes
  --json       print { flags, compared, agree } as JSON
  --help       print this

Ends with 1 where they disagree or the chart as it is was not proved, with 2 where Spin or gcc is missing.`;

const options = {
  only: { type: "string", default: "" },
  all: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

function readOptions() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new LoopwrightError({ code: "usage", message: messageOf(error), fix: "see --help", cause: error });
  }
}

const isSound = ({ mutant, spin, agree }: Compared): boolean =>
  agree && (mutant !== null || (spin.errors === 0 && spin.complete));

function lineOf(compared: Compared): string {
  const { contract, mutant, verdicts, spin, checker } = compared;
  const broken = watched.filter((name) => verdicts[name].spin !== "proved");
  const differ = watched.filter((name) => verdicts[name].spin !== verdicts[name].checker);
  const what = broken.length === 0 ? `all proved (errors: ${spin.errors})` : broken.join(" ");
  const says = differ.map(
    (name) => `${name}: Spin ${verdicts[name].spin}, checker ${verdicts[name].checker}`,
  );
  return [
    (isSound(compared) ? "agree" : "DIFFER").padEnd(7),
    contract.padEnd(9),
    (mutant ?? "the chart as it is").padEnd(62),
    `${spin.states}/${checker.states}`.padStart(11),
    ` ${[what, ...says].join("; ")}`,
  ].join(" ");
}

function plansFor(contract: LoopContract, all: boolean, only: string): (Mutant | null)[] {
  const wanted = ({ name }: Mutant) => (all || chosen.includes(name)) && name.includes(only);
  return [null, ...mutantsOf(contract.rules).filter(wanted)];
}

async function main(): Promise<void> {
  const { only, all = false, json, help: helpWanted } = readOptions();
  if (helpWanted) {
    console.log(help);
    return;
  }
  const missing = whatIsMissing();
  if (missing !== null) {
    throw new LoopwrightError({ code: "usage", message: missing, fix: "then run this again" });
  }
  const compared: Compared[] = [];
  if (!json) console.log("verdict contract  chart, states found by Spin/checker, what Spin finds violated");
  for (const contract of Object.values(contracts)) {
    for (const mutant of plansFor(contract, all, only)) {
      const one = await compare(contract, mutant);
      compared.push(one);
      if (!json) console.log(lineOf(one));
    }
  }
  const agree = compared.every(isSound);
  if (json) console.log(JSON.stringify({ flags: panFlags, compared, agree }, null, 2));
  else console.log(`${compared.filter(isSound).length} of ${compared.length} agree`);
  if (!agree) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!isLoopwrightError(error)) throw error;
  console.error(error.message);
  console.error(error.fix);
  process.exitCode = 2;
}
