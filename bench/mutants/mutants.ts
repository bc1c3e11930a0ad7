import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createLoopMachine } from "../../machines/loop.ts";
import { contracts } from "./contracts.ts";
import { mutantsOf } from "./generate.ts";
import type { Judgement } from "./judge.ts";
import { judgeAll } from "./pool.ts";

// The checker is checked: every single fault that the chart's configuration can have must be found.

const help = `Usage: npm run mutants -- [--only PATTERN] [--limit N] [--json]

Plants every single fault in the chart of a loop, one at a time: each guard always true and always false, each transition
removed and led astray, each recipe dropped. The faults are made from the machine's configuration. A mutant is killed when
the checker finds a property violated under a reference contract, or a random walk of the property tests breaks. It is
equivalent when its labelled graph is the same under every reference contract, and every walk goes as with the chart as
it is. Anything else survived.

  --only PATTERN  of the mutants only those whose name matches this regular expression
  --limit N       no more than this many of them, spread evenly
  --walks N       random walks of each mutant that nothing else kills (default 400)
  --seed N        seed of the walks (default 1)
  --workers N     how many are judged at once (default: one for each processor)
  --list          print the names of the mutants, and judge none
  --verbose       print every judgement as it comes
  --json          print { total, killed, equivalent, survived, survivors } as JSON
  --help          print this

Ends with 1 where a mutant survived.`;

const { values: given } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    limit: { type: "string" },
    walks: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    list: { type: "boolean" },
    verbose: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});

const mutants = mutantsOf(createLoopMachine(contracts.safe!.rules));

function chosen(): number[] {
  const pattern = new RegExp(given.only);
  const numbers = [...mutants.keys()].filter((number) => pattern.test(mutants[number]!.name));
  const every = given.limit === undefined ? 1 : Math.max(1, numbers.length / Number(given.limit));
  const count = Math.min(numbers.length, Math.ceil(numbers.length / every));
  return Array.from({ length: count }, (_, i) => numbers[Math.floor(i * every)]!);
}

const counted = (judgements: readonly Judgement[], verdict: Judgement["verdict"]): number =>
  judgements.filter((one) => one.verdict === verdict).length;

const summaryOf = (judgements: readonly Judgement[]) => ({
  total: judgements.length,
  killed: counted(judgements, "killed"),
  equivalent: counted(judgements, "equivalent"),
  survived: counted(judgements, "survived"),
});

/** Says how far it is: on one line that is written over, where somebody looks on. */
function createProgress(total: number) {
  const judged: Judgement[] = [];
  return (one: Judgement): void => {
    judged.push(one);
    const { killed, equivalent, survived } = summaryOf(judged);
    const isNews = given.verbose === true || one.verdict === "survived";
    if (isNews) console.error(`${one.verdict}: ${one.name}${one.by === null ? "" : ` (${one.by})`}`);
    const line = `${judged.length} of ${total}: ${killed} killed, ${equivalent} equivalent, ${survived} survived`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}\x1b[K`);
    else if (judged.length % 50 === 0) console.error(line);
  };
}

async function main(): Promise<void> {
  const numbers = chosen();
  if (given.list) {
    for (const number of numbers) console.log(mutants[number]!.name);
    return;
  }
  const judgements = await judgeAll(numbers, {
    seed: Number(given.seed),
    walks: Number(given.walks),
    workers: Number(given.workers),
    onJudged: createProgress(numbers.length),
  });
  if (process.stderr.isTTY) process.stderr.write("\n");
  const summary = summaryOf(judgements);
  const survivors = judgements
    .filter(({ verdict }) => verdict === "survived")
    .map(({ name, kind, by }) => ({ name, kind, by }));
  if (given.json) console.log(JSON.stringify({ ...summary, survivors }, null, 2));
  else {
    for (const { name, by } of survivors) console.log(`survived: ${name} (${by})`);
    console.table([summary]);
  }
  if (summary.survived > 0) process.exitCode = 1;
}

if (given.help) console.log(help);
else await main();
