import { expect, it } from "vitest";
import { reachedByGraph } from "../../bench/adjacency.ts";
import { textOfSituation } from "../../src/check/arrive.ts";
import { searched } from "../../src/check/check.ts";
import { createEvaluator } from "../../src/check/evaluate.ts";
import { explore } from "../../src/check/explore.ts";
import { contractOf, references } from "../helpers/checking.ts";

it.each([
  ["without tools", contractOf({ tools: {} })],
  ["with an effect that can be asked about", references.asked!],
])("finds the same situations as xstate/graph on a contract %s", { timeout: 240_000 }, (_, contract) => {
  const { machine, world } = searched(contract);
  const bounds = { properties: [], statesMax: 1_000_000, timeMaxMs: 200_000 };
  const { places, cut } = explore(createEvaluator(machine), world, bounds);
  expect(cut).toBeNull();
  const graph = reachedByGraph(contract);
  expect(graph.situations).toEqual(new Set(places.map(textOfSituation)));
});
