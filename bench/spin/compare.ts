import { createLoopMachine } from "../../machines/loop.ts";
import { messageOf } from "../../src/base/errors.ts";
import { type CheckReport, checkMachine, searched, type Verdict } from "../../src/check/check.ts";
import type { LoopContract } from "../../src/contract/index.ts";
import { modelChartOf } from "./chart.ts";
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

/** `threw`: the checker gave no report at all. */
type Said = Verdict | "threw";

/** Both verdicts on one chart. */
export type Compared = {
  contract: string;
  /** `null`: the chart as it is. */
  mutant: string | null;
  verdicts: Readonly<Record<Watched, { spin: Verdict; checker: Said }>>;
  spin: Searched;
  checker: Pick<CheckReport, "states" | "transitions" | "cut" | "seconds"> | { error: string };
  agree: boolean;
};

const asItIs: Omit<Mutant, "name"> = { plant: (machine) => machine, fixed: {} };

function checked(contract: LoopContract, plant: Mutant["plant"]): CheckReport | { error: string } {
  const { machine, world } = searched(contract);
  try {
    return checkMachine(contract, { machine: plant(machine), world });
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** Asks Spin and the checker about the same chart. */
export async function compare(contract: LoopContract, mutant: Mutant | null): Promise<Compared> {
  const { plant, fixed } = mutant ?? asItIs;
  const { rules } = contract;
  // Spin runs beside the checker.
  const asked = search(promelaOf(modelChartOf(plant(createLoopMachine(rules))), rules, fixed));
  const report = checked(contract, plant);
  const spin = await asked;
  const spinSays = (name: Watched): Verdict =>
    spin.violated.includes(name) ? "violated" : spin.complete ? "proved" : "inconclusive";
  const checkerSays = (name: Watched): Said =>
    "error" in report ? "threw" : report.properties.find((one) => one.name === name)!.verdict;
  const verdicts = Object.fromEntries(
    watched.map((name) => [name, { spin: spinSays(name), checker: checkerSays(name) }]),
  ) as Compared["verdicts"];
  return {
    contract: contract.name,
    mutant: mutant?.name ?? null,
    verdicts,
    spin,
    checker: "error" in report ? report : countsOf(report),
    agree: Object.values(verdicts).every(({ spin: one, checker }) => one === checker),
  };
}

const countsOf = ({ states, transitions, cut, seconds }: CheckReport) => ({
  states,
  transitions,
  cut,
  seconds,
});
