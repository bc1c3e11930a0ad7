import { textOfSituation } from "./arrive.ts";
import type { Evaluator, Stepped } from "./evaluate.ts";
import { mayContinue } from "./moves.ts";
import type { Property } from "./property.ts";
import type { Situation, World } from "./situation.ts";
import { type Spending, spendingOf } from "./spending.ts";
import { createWatch, type Looked, type Memories } from "./watch.ts";
import { beginning, type Way, waysFrom } from "./ways.ts";

/** A place of the search: where a run stands, and what each property remembers of how it came there. */
export type Place = Situation & {
  memories: Memories;
};

/** How a place was first reached: from which other place, by what, and in which state. */
export type Arrival = { from: number; label: () => string; event: { type: string }; state: string };

export type Broken = { property: Property; violated: string; arrival: Arrival };

/** A step of the graph, for the analysis of endings. */
export type Edge = Spending & {
  to: number;
  /** Caused from outside; see `Move`. */
  outside: boolean;
  /** The event changed nothing and led to nothing. */
  ignored: boolean;
};

export type Explored = {
  places: readonly Place[];
  arrivals: readonly Arrival[];
  edges: readonly (readonly Edge[])[];
  transitions: number;
  /** The first violation of each property, by the shortest way. */
  broken: readonly Broken[];
  /** Numbers of the chart's transitions that were taken. */
  taken: ReadonlySet<number>;
  /** Tools of which an action was dispatched or read. */
  ran: ReadonlySet<string>;
  /** For each tool, the facts about its actions that the chart looked at. */
  facts: ReadonlyMap<string, ReadonlySet<string>>;
  /** The bound that cut the search, or `null` when nothing was left. */
  cut: string | null;
  /** The ways on from a place, once more, in the order of its edges. */
  waysOf(place: Place): Iterable<Way<Looked>>;
};

export type ExploreOptions = {
  properties: readonly Property[];
  /** Places after which the search gives up. */
  statesMax: number;
  /** Milliseconds after which the search gives up. */
  timeMaxMs: number;
  /** Name of a property: once it is violated, the search ends. */
  until?: string;
  /** Called now and then with how far the search is. */
  onProgress?: (progress: { states: number; open: number; transitions: number }) => void;
};

const toolsRunBy = ({ calls }: Stepped): string[] =>
  calls
    .filter(({ name }) => name === "execute" || name === "observe")
    .map(({ input }) => (input as { action: { tool: string } }).action.tool);

const textOfPlace = (place: Place): string => `${textOfSituation(place)}|${place.memories}`;

/**
 * Searches all that can happen, breadth first, so that the first way to a place is a shortest one. Places that nothing can
 * tell apart any more are one. A property that was violated is looked at no further on that way; the others are.
 */
export function explore(chart: Evaluator, world: World, options: ExploreOptions): Explored {
  const { properties, statesMax, timeMaxMs, onProgress, until } = options;
  const watch = createWatch(properties, world.rules);
  const places: Place[] = [];
  const arrivals: Arrival[] = [];
  const edges: Edge[][] = [];
  const numbers = new Map<string, number>();
  const broken = new Map<Property, Broken>();
  const taken = new Set<number>();
  const ran = new Set<string>();
  const facts = new Map<string, Set<string>>();
  const startedAt = performance.now();
  let transitions = 0;
  let cut: string | null = null;

  function arrive(place: Place, arrival: Arrival): number {
    const text = textOfPlace(place);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, places.length);
    places.push(place);
    arrivals.push(arrival);
    return places.length - 1;
  }

  /** Takes note of what a step did, and gives the number of the place that it leads to. */
  function note(
    { stepped, situation, looked }: Pick<Way<Looked>, "stepped" | "situation" | "looked">,
    arrival: Arrival,
  ): number {
    for (const number of stepped.taken) taken.add(number);
    for (const tool of toolsRunBy(stepped)) ran.add(tool);
    for (const one of looked.broken)
      if (!broken.has(one.property)) broken.set(one.property, { ...one, arrival });
    return arrive({ ...situation, memories: mayContinue(situation) ? looked.memories : [] }, arrival);
  }

  function begin(): void {
    const first = beginning(chart, world, (seen, naming) => watch.look(watch.first, seen, naming));
    note(first, { from: -1, label: first.label, event: first.seen.event, state: first.stepped.state });
  }

  function looked(tool: string): Set<string> {
    const known = facts.get(tool) ?? new Set();
    facts.set(tool, known);
    return known;
  }

  const waysOf = (place: Place) =>
    waysFrom(chart, world, place, (seen, naming) => watch.look(place.memories, seen, naming));

  function expand(from: number): Edge[] {
    const place = places[from]!;
    const ways: Edge[] = [];
    for (const way of waysOf(place)) {
      const { move, stepped, label } = way;
      transitions += 1;
      for (const fact of way.facts) looked(place.context.turn!.actions[0]!.tool).add(fact);
      const to = note(way, { from, label, event: move.event, state: stepped.state });
      const ignored = to === from && stepped.calls.length === 0 && stepped.timers.set.length === 0;
      ways.push({ to, outside: move.outside, ignored, ...spendingOf(place.context, stepped.context) });
    }
    return ways;
  }

  begin();
  for (let i = 0; i < places.length; i += 1) {
    if (places.length > statesMax) cut = `statesMax (${statesMax})`;
    if (i % 64 === 0 && performance.now() - startedAt > timeMaxMs) cut = `timeMaxMs (${timeMaxMs})`;
    if (until !== undefined && [...broken.keys()].some(({ name }) => name === until))
      cut = `until (${until})`;
    if (cut !== null) break;
    edges.push(expand(i));
    if (i % 512 === 0) onProgress?.({ states: places.length, open: places.length - i, transitions });
  }
  return {
    places,
    arrivals,
    edges,
    transitions,
    broken: [...broken.values()],
    taken,
    ran,
    facts,
    cut,
    waysOf,
  };
}
