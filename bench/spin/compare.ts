import { createLoopMachine } from "../../machines/loop.ts";
import type { Verdict } from "../../src/check/check.ts";
import type { LoopContract } from "../../src/contract/index.ts";
import { modelChartOf } from "./chart.ts";
import { askChecker, type Checked, type Said } from "./checker.ts";
import type { Mutant } from "./mutants.ts";
import { type Searched, search } from "./pan.ts";
import { promelaOf } from "./promela.ts";

/** What the model watches: the names are those of the checker's properties. */
export const watched = [
  "freshVerdict",
  "approved",
  "gated",
  "doubtHeld",
  "provedSuccess",
  "abortEnds",
  "haltHolds",
] as const;
export type Watched = (typeof watched)[number];

/** Both verdicts on one chart. */
export type Compared = {
  contract: string;
  /** `null`: the chart as it is. */
  mutant: string | null;
  verdicts: Readonly<Record<Watched, { spin: Verdict; checker: Said }>>;
  spin: Omit<Searched, "taken">;
  checker: Omit<Checked, "verdicts">;
  agree: boolean;
};

const asItIs: Omit<Mutant, "name"> = { plant: (machine) => machine, fixed: {} };

/** Asks Spin and the checker about the same chart. */
export async function compare(contract: LoopContract, mutant: Mutant | null): Promise<Compared> {
  const { plant, fixed } = mutant ?? asItIs;
  const { rules } = contract;
  // Spin runs beside the checker.
  const asked = search(promelaOf(modelChartOf(plant(createLoopMachine(rules))), rules, fixed));
  const { verdicts: said, ...checker } = askChecker(contract, plant, watched);
  const { taken: _, ...spin } = await asked;
  const spinSays = (name: Watched): Verdict =>
    spin.violated.includes(name) ? "violated" : spin.complete ? "proved" : "inconclusive";
  const verdicts = Object.fromEntries(
    watched.map((name) => [name, { spin: spinSays(name), checker: said[name]! }]),
  ) as Compared["verdicts"];
  return {
    contract: contract.name,
    mutant: mutant?.name ?? null,
    verdicts,
    spin,
    checker,
    agree: Object.values(verdicts).every(({ spin: one, checker: other }) => one === other),
  };
}
