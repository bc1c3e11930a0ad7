import type { ActorLogic, Snapshot } from "xstate";
import { getAdjacencyMap } from "xstate/graph";
import { situationAfter, textOfSituation } from "../src/check/arrive.ts";
import { searched } from "../src/check/check.ts";
import { createEvaluator, type Stepped } from "../src/check/evaluate.ts";
import { memoryOf } from "../src/check/found.ts";
import { createInterpreter } from "../src/check/interpret.ts";
import type { Situation } from "../src/check/situation.ts";
import { originOf, type Way, waysFrom } from "../src/check/ways.ts";
import type { LoopContract } from "../src/contract/index.ts";

// The search of the checker made once more by xstate/graph: its own traversal, over XState's own transitions, on the same
// abstraction and the same events. Only what is remembered and what can happen is ours.

type Place = Snapshot<unknown> & { situation: Situation };
type Happening = { type: string; way: Way };

const placeOf = (situation: Situation): Place => ({
  status: "active",
  output: undefined,
  error: undefined,
  situation,
});

/** The situations that xstate/graph reaches, as text, and how many transitions it made. */
export function reachedByGraph(contract: LoopContract): { situations: Set<string>; transitions: number } {
  const { machine, world } = searched(contract);
  const xstate = createInterpreter(machine);
  const chart = createEvaluator(machine);
  let transitions = 0;

  /** What XState makes of the event of a way. The action that a turn takes up next was chosen with the way. */
  function made({ state, context }: Situation, { move, seen, stepped }: Way): Stepped {
    if (move.event.type === "run.continued") return xstate.begin(originOf(context, world));
    const memory = memoryOf(context, seen.found, world.rules, move.event);
    const next = xstate.step({ state, context: memory }, move.event);
    return seen.took === null ? next : { ...next, context: { ...next.context, turn: stepped.context.turn } };
  }

  const logic = {
    transition(place: Place, { way }: Happening): Place {
      transitions += 1;
      return placeOf(situationAfter(place.situation, made(place.situation, way)).situation);
    },
    getInitialSnapshot: () => placeOf(situationAfter(null, xstate.begin(originOf(null, world))).situation),
    getPersistedSnapshot: (place: Place) => place,
  } as unknown as ActorLogic<Place, Happening, undefined>;

  const map = getAdjacencyMap(logic, {
    events: ({ situation }: Place) =>
      [...waysFrom(chart, world, situation)].map((way, i) => ({ type: String(i), way })),
    serializeState: ({ situation }: Place) => textOfSituation(situation),
    serializeEvent: ({ type }: Happening) => type,
    limit: Number.POSITIVE_INFINITY,
  });
  return { situations: new Set(Object.keys(map)), transitions };
}
