import { parseArgs } from "node:util";
import { searched } from "../src/check/check.ts";
import { createEvaluator } from "../src/check/evaluate.ts";
import { explore } from "../src/check/explore.ts";
import { properties } from "../src/check/properties/index.ts";
import { references } from "../test/helpers/checking.ts";
import { reachedByGraph } from "./adjacency.ts";

// How fast contracts are searched, beside xstate/graph on the same machine and events, in one run.

const help = `Usage: npm run bench:check -- [--rounds N] [--json]

Searches the reference contracts completely: by the checker with all its properties, and by xstate/graph's
getAdjacencyMap over XState's own transitions on the same abstraction, turn by turn. Prints states a second, and
how many times as fast the checker is; times are those of the fastest round.

  --rounds N  times that each is measured (default 2)
  --json      print JSON
  --help      print this`;

const {
  rounds,
  json,
  help: wantsHelp,
} = parseArgs({
  options: {
    rounds: { type: "string", default: "2" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
}).values;
if (wantsHelp) {
  console.log(help);
  process.exit();
}

function timed<Result>(run: () => Result): { result: Result; seconds: number } {
  const startedAt = performance.now();
  const result = run();
  return { result, seconds: (performance.now() - startedAt) / 1000 };
}

const rows = Object.entries(references).map(([name, contract]) => {
  const { machine, world } = searched(contract);
  const options = { properties, statesMax: Number.POSITIVE_INFINITY, timeMaxMs: Number.POSITIVE_INFINITY };
  const both = Array.from({ length: Number(rounds) }, () => ({
    checker: timed(() => explore(createEvaluator(machine), world, options)),
    graph: timed(() => reachedByGraph(contract)),
  }));
  const fastest = (name: "checker" | "graph") => Math.min(...both.map((round) => round[name].seconds));
  const [{ checker, graph }] = both as [(typeof both)[number]];
  const ours = checker.result.transitions / fastest("checker");
  const theirs = graph.result.transitions / fastest("graph");
  return {
    contract: name,
    states: checker.result.places.length,
    transitions: checker.result.transitions,
    statesPerSecond: Math.round(checker.result.places.length / fastest("checker")),
    transitionsPerSecond: Math.round(ours),
    graphStates: graph.result.situations.size,
    graphTransitionsPerSecond: Math.round(theirs),
    ratio: Number((ours / theirs).toFixed(1)),
  };
});

if (json) console.log(JSON.stringify({ rows }, null, 2));
else console.table(rows);
