import type { LoopMachine } from "../../machines/loop.ts";
import { messageOf } from "../../src/base/errors.ts";
import { checkMachine, searched, type Verdict } from "../../src/check/check.ts";
import { createEvaluator } from "../../src/check/evaluate.ts";
import { explore } from "../../src/check/explore.ts";
import { properties } from "../../src/check/properties/index.ts";
import type { LoopContract } from "../../src/contract/index.ts";

/** `threw`: the checker gave no report at all. */
export type Said = Verdict | "threw";

/** What the checker says of each property of a chart, and how it came to it. */
export type Checked = {
  verdicts: Readonly<Record<string, Said>>;
  states: number;
  seconds: number;
  /** The properties that were searched one at a time, since the search for all of them at once was cut off. */
  apart: readonly string[];
  error: string | null;
};

type Plant = (machine: LoopMachine) => LoopMachine;

/** Where several properties are violated, all at once tell too many places apart; one at a time none does. */
const together = { statesMax: 30_000, timeMaxMs: 5 * 60_000 };
const alone = { statesMax: 1_000_000, timeMaxMs: 10 * 60_000 };

function verdictAlone(contract: LoopContract, plant: Plant, name: string): Verdict {
  const { machine, world } = searched(contract);
  const property = properties.find((one) => one.name === name)!;
  const { broken, cut } = explore(createEvaluator(plant(machine)), world, {
    properties: [property],
    ...alone,
  });
  if (broken.length > 0) return "violated";
  return cut === null ? "proved" : "inconclusive";
}

/** Asks the checker about a chart. */
export function askChecker(contract: LoopContract, plant: Plant, names: readonly string[]): Checked {
  const { machine, world } = searched(contract);
  try {
    const report = checkMachine(contract, { machine: plant(machine), world }, together);
    const verdictIn = (name: string) => report.properties.find((one) => one.name === name)!.verdict;
    const apart = names.filter((name) => report.cut !== null && verdictIn(name) === "inconclusive");
    const verdictOf = (name: string) =>
      apart.includes(name) ? verdictAlone(contract, plant, name) : verdictIn(name);
    const verdicts = Object.fromEntries(names.map((name) => [name, verdictOf(name)]));
    return { verdicts, states: report.states, seconds: report.seconds, apart, error: null };
  } catch (error) {
    const verdicts = Object.fromEntries(names.map((name) => [name, "threw" as const]));
    return { verdicts, states: 0, seconds: 0, apart: [], error: messageOf(error) };
  }
}
