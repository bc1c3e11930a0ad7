import { parseArgs } from "node:util";
import { searched } from "../src/check/check.ts";
import { createEvaluator } from "../src/check/evaluate.ts";
import { explore } from "../src/check/explore.ts";
import { properties } from "../src/check/properties/index.ts";
import type { Property } from "../src/check/property.ts";
import { references } from "../test/helpers/checking.ts";
import { reachedByGraph } from "./adjacency.ts";

// How fast contracts are searched, beside xstate/graph on the same machine and events, in one run.

const help = `Usage: npm run bench:check -- [--rounds N] [--json]

Searches the reference contracts completely, turn by turn: by the checker with all its properties (proof), by the
checker without any (search), and by xstate/graph's getAdjacencyMap over XState's own transitions on the same
abstraction. Prints how many times as fast as that the search is; times are those of the fastest round.

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

const bounds = { statesMax: Number.POSITIVE_INFINITY, timeMaxMs: Number.POSITIVE_INFINITY };

const rows = Object.entries(references).map(([name, contract]) => {
  const { machine, world } = searched(contract);
  const search = (watched: readonly Property[]) =>
    explore(createEvaluator(machine), world, { ...bounds, properties: watched });
  const all = Array.from({ length: Number(rounds) }, () => ({
    proof: timed(() => search(properties)),
    search: timed(() => search([])),
    graph: timed(() => reachedByGraph(contract)),
  }));
  const fastest = (what: "proof" | "search" | "graph") =>
    Math.min(...all.map((round) => round[what].seconds));
  const rate = (what: "proof" | "search" | "graph") => all[0]![what].result.transitions / fastest(what);
  const { places, transitions } = all[0]!.proof.result;
  return {
    contract: name,
    states: places.length,
    transitions,
    seconds: Number(fastest("proof").toFixed(2)),
    "proof: states/s": Math.round(places.length / fastest("proof")),
    "proof: transitions/s": Math.round(rate("proof")),
    "search: transitions/s": Math.round(rate("search")),
    "xstate/graph: transitions/s": Math.round(rate("graph")),
    "search / xstate/graph": Number((rate("search") / rate("graph")).toFixed(1)),
  };
});

if (json) console.log(JSON.stringify({ rows }, null, 2));
else console.table(rows);
