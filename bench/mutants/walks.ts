import fc from "fast-check";
import type { LoopMachine } from "../../machines/loop.ts";
import { canonicalJson } from "../../src/base/digest.ts";
import { createFold, type Folded, type Machine, stateName } from "../../src/host/fold.ts";
import type { Driven, RulesInput } from "../../test/helpers/driving.ts";
import { contracts } from "../../test/properties/contracts.ts";
import { isOver, isParked, leaveAlone, loose, play, rulesOf, tapes } from "../../test/properties/walk.ts";

/** What random walks say of a chart: how one broke, or `null`, and whether any went otherwise than with the chart as it is. */
export type Walked = { violated: string | null; same: boolean };

type Walk = { tape: readonly number[]; more: readonly number[]; rules: RulesInput };

const walks = fc.record({
  tape: tapes,
  more: tapes,
  rules: fc.oneof(fc.constantFrom(...Object.values(rulesOf)), contracts),
});

/** The same walks for every mutant of a run. */
export const walksFrom = (seed: number, count: number): Walk[] => fc.sample(walks, { seed, numRuns: count });

/** Far more events than a run needs to end or park when nobody speaks. */
const enough = 3_000;

/** A run of the property tests: every monitor holds at every event, and left alone it ends or parks, and a parked run ends. */
function walk({ tape, more, rules }: Walk, provide: (machine: Machine) => Machine): Driven {
  const { run, world } = play(tape, { rules, provide });
  if (rules === loose) return run;
  leaveAlone(run, world, more, enough);
  if (!isOver(run) && !isParked(run)) throw new Error(`ends: still in ${run.state}`);
  for (let i = 0; i < 3 && !isOver(run); i++) run.timesOut();
  if (!isOver(run)) throw new Error(`ends: parked for ever in ${run.state}`);
  if (run.reason !== "goal" && run.state !== "stopped")
    throw new Error(`ends: ${run.reason} in ${run.state}`);
  return run;
}

/** What a fold led to and asked for, as its surroundings see it. */
const textOfFold = ({ snapshot, calls, timers }: Folded): string => {
  const { escalation, outcome } = snapshot.context;
  return canonicalJson([stateName(snapshot.value), snapshot.status, calls, timers, escalation, outcome]);
};

/** Do two charts answer every event of a journal alike? */
function foldsAlike(journal: readonly { type: string }[], one: Machine, other: Machine): boolean {
  const folds = [createFold(one), createFold(other)] as const;
  const [origin, ...events] = journal;
  let [mine, theirs] = folds.map((fold) => fold.begin(origin as never)) as [Folded, Folded];
  if (textOfFold(mine) !== textOfFold(theirs)) return false;
  for (const event of events) {
    mine = folds[0].step(mine.snapshot, event);
    theirs = folds[1].step(theirs.snapshot, event);
    if (textOfFold(mine) !== textOfFold(theirs)) return false;
  }
  return true;
}

/** Walks a chart with a fault at random, as the property tests do, until one walk breaks. */
export function walkAll(walks: readonly Walk[], plant: (machine: LoopMachine) => LoopMachine): Walked {
  let same = true;
  for (const one of walks) {
    const machines: Machine[] = [];
    const provide = (machine: Machine): Machine => {
      machines.push(machine, plant(machine as LoopMachine));
      return machines[1]!;
    };
    try {
      const { journal } = walk(one, provide);
      same &&= foldsAlike(journal, machines[0]!, machines[1]!);
    } catch (error) {
      return { violated: (error as Error).message, same: false };
    }
  }
  return { violated: null, same };
}
