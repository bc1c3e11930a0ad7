import type { LoopMachine } from "../../machines/loop.ts";
import { textOfSituation } from "../../src/check/arrive.ts";
import { searched } from "../../src/check/check.ts";
import { endlessIn } from "../../src/check/endings.ts";
import { createEvaluator, type Evaluator, type Stepped } from "../../src/check/evaluate.ts";
import { type Explored, explore } from "../../src/check/explore.ts";
import { properties } from "../../src/check/properties/index.ts";
import { isViolation, type Property } from "../../src/check/property.ts";
import { unreachable } from "../../src/check/reach.ts";
import type { LoopContract } from "../../src/contract/index.ts";

/** What a search saw, text by text in its own order: each step, then each place and the ways out of it. */
export type Recording = readonly number[];

/** `violated`: the property that a search found broken, or `null`. `same`: it saw what was expected, to the end. */
export type Searched = { violated: string | null; cut: string | null; recording: Recording; same: boolean };

export type SearchOptions = { expected?: Recording; statesMax?: number; timeMaxMs?: number };

/** Ends a search at its first violation. */
class Violated extends Error {}

const strict = (one: Property): Property => ({
  ...one,
  see(memory, seen, rules) {
    const next = one.see(memory, seen, rules);
    if (isViolation(next)) throw new Violated(one.name);
    return next;
  },
});

const numbers = new Map<string, number>();

/** Equal texts have equal numbers. */
function numberOf(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

/** Notes texts, or compares them with those that are expected until one differs. */
function createRecorder(expected: Recording | undefined) {
  const recording: number[] = [];
  let at = 0;
  let same = expected !== undefined;
  return {
    recording,
    note(text: () => string): void {
      if (expected === undefined) recording.push(numberOf(text()));
      else if (same) same = expected[at++] === numbers.get(text());
    },
    isSame: () => same && at === expected?.length,
  };
}

/** What a step led to and asked for, as its surroundings see it. */
const textOfStep = (type: string, { state, ended, calls, timers, context }: Stepped): string =>
  JSON.stringify([type, state, ended, calls, timers, context.escalation, context.outcome]);

/**
 * A search is a function of what the chart answers, asked in the search's own order: two charts that give the same answers
 * throughout, and lead to the same places with the same spending, have the same labelled graph.
 */
function recorded(chart: Evaluator, note: (text: () => string) => void): Evaluator {
  const kept = (type: string, stepped: Stepped): Stepped => {
    note(() => textOfStep(type, stepped));
    return stepped;
  };
  return {
    ...chart,
    begin: (input) => kept("begin", chart.begin(input)),
    step: (point, event) => kept(event.type, chart.step(point, event)),
  };
}

function wholeOf(explored: Explored, contract: ReturnType<typeof searched>["world"]): string | null {
  if (explored.cut !== null) return null;
  if (endlessIn(explored) !== null) return "ends";
  return unreachable(explored, contract.tools, contract.rules) === null ? null : "reachable";
}

/** Searches all that can happen to a chart under a contract until something is violated, and compares it with what is expected. */
export function search(
  contract: LoopContract,
  plant: (machine: LoopMachine) => LoopMachine,
  { expected, statesMax = 20_000, timeMaxMs = 180_000 }: SearchOptions = {},
): Searched {
  const { machine, world } = searched(contract);
  const { recording, note, isSame } = createRecorder(expected);
  const chart = recorded(createEvaluator(plant(machine)), note);
  try {
    const explored = explore(chart, world, { properties: properties.map(strict), statesMax, timeMaxMs });
    for (const [i, place] of explored.places.entries())
      note(() => `${textOfSituation(place)} ${JSON.stringify(explored.edges[i] ?? null)}`);
    const { cut } = explored;
    return { violated: wholeOf(explored, world), cut, recording, same: cut === null && isSame() };
  } catch (error) {
    if (!(error instanceof Violated)) throw error;
    return { violated: error.message, cut: null, recording, same: false };
  }
}
