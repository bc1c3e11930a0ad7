import type { CallName } from "../../machines/events.ts";
import type { Evaluator, Stepped } from "./evaluate.ts";
import { forget, type Naming, namingOf, textOf } from "./forget.ts";
import { mayContinue } from "./moves.ts";
import { isViolation, type Property, type Seen } from "./property.ts";
import type { Sent, Situation, World } from "./situation.ts";
import { type Spending, spendingOf } from "./spending.ts";
import { beginning, waysFrom } from "./ways.ts";

/** A place of the search: where a run stands, and what each property remembers of how it came there. */
export type Place = Situation & {
  /** One memory per property, each by its number; see `createMemories`. */
  memories: readonly number[];
};

/** How a place was first reached: from which other place, and by what. */
export type Arrival = { from: number; label: () => string };

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
  /** The bound that cut the search, or `null` when nothing was left. */
  cut: string | null;
};

export type ExploreOptions = {
  properties: readonly Property[];
  /** Places after which the search gives up. */
  statesMax: number;
  /** Milliseconds after which the search gives up. */
  timeMaxMs: number;
  /** Called now and then with how far the search is. */
  onProgress?: (progress: { states: number; open: number; transitions: number }) => void;
};

/** Numbers for memories: equal ones get the same, and the one that a violated property is left with is `broken`. */
function createMemories() {
  const numbers = new Map<string, number>();
  const values: unknown[] = [];
  return {
    numberOf(value: unknown): number {
      const text = JSON.stringify(value);
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, values.length);
      values.push(value);
      return values.length - 1;
    },
    valueOf: (number: number): unknown => values[number],
  };
}
const isBroken = -1;

/** The effect that was dispatched, as its surroundings know it: only while the run still speaks of it. */
function sentOf(sent: Sent | null, { calls, context }: Stepped, { key, attempt }: Naming): Sent | null {
  const execute = calls.find(({ name }) => name === "execute")?.input as Sent | undefined;
  const last = execute === undefined ? sent : { key: execute.key, attempt: execute.attempt };
  return last !== null && last.key === context.effect?.key
    ? { key: key(last.key), attempt: attempt(last.attempt) }
    : null;
}

function timerAfter(before: string | null, { set, clear }: Stepped["timers"]): string | null {
  const left = before !== null && clear.includes(before) ? null : before;
  return set.at(-1) ?? left;
}

/** The place that a step leads to, before its memories are known. */
function situationAfter(
  before: Situation | null,
  stepped: Stepped,
): { situation: Situation; naming: Naming } {
  const { state, context, ended, calls, timers } = stepped;
  const naming = namingOf(context);
  const isOver = ended && context.outcome?.reason !== "limit";
  const call = calls[0]?.name ?? (context.call === null ? null : (before?.call ?? null));
  return {
    naming,
    situation: {
      state,
      ended,
      context: forget(context, state, naming),
      call: call as CallName | null,
      timer: timerAfter(before?.timer ?? null, timers),
      sent: isOver ? null : sentOf(before?.sent ?? null, stepped, naming),
    },
  };
}

const textOfPlace = ({ state, context, call, timer, sent, memories }: Place): string =>
  `${state}|${call}|${timer}|${textOf(context)}|${sent && `${sent.key} ${sent.attempt}`}|${memories}`;

/**
 * Searches all that can happen, breadth first, so that the first way to a place is a shortest one. Places that nothing can
 * tell apart any more are one. A property that was violated is looked at no further on that way; the others are.
 */
export function explore(chart: Evaluator, world: World, options: ExploreOptions): Explored {
  const { properties, statesMax, timeMaxMs, onProgress } = options;
  const { rules } = world;
  const memories = createMemories();
  const places: Place[] = [];
  const arrivals: Arrival[] = [];
  const edges: Edge[][] = [];
  const numbers = new Map<string, number>();
  const broken = new Map<Property, Broken>();
  const taken = new Set<number>();
  const startedAt = performance.now();
  let transitions = 0;
  let cut: string | null = null;

  function watch(before: readonly number[], seen: Seen, naming: Naming, arrival: Arrival): number[] {
    return before.map((number, i) => {
      if (number === isBroken) return isBroken;
      const property = properties[i]!;
      const memory = memories.valueOf(number);
      const next = property.see(memory, seen, rules);
      if (isViolation(next)) {
        if (!broken.has(property)) broken.set(property, { property, violated: next.violated, arrival });
        return isBroken;
      }
      if (next === memory && property.rename === undefined) return number;
      return memories.numberOf(property.rename === undefined ? next : property.rename(next, naming));
    });
  }

  function arrive(place: Place, arrival: Arrival): number {
    const text = textOfPlace(place);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, places.length);
    places.push(place);
    arrivals.push(arrival);
    return places.length - 1;
  }

  function begin(): void {
    const { stepped, seen, label } = beginning(chart, world);
    const { situation, naming } = situationAfter(null, stepped);
    const first = properties.map((property) => memories.numberOf(property.begin));
    const arrival = { from: -1, label };
    for (const number of stepped.taken) taken.add(number);
    arrive({ ...situation, memories: watch(first, seen, naming, arrival) }, arrival);
  }

  function expand(from: number): Edge[] {
    const place = places[from]!;
    const ways: Edge[] = [];
    for (const { move, stepped, seen, label } of waysFrom(chart, world, place)) {
      transitions += 1;
      for (const number of stepped.taken) taken.add(number);
      const arrival = { from, label };
      const { situation, naming } = situationAfter(place, stepped);
      const memories = watch(place.memories, seen, naming, arrival);
      const to = arrive({ ...situation, memories: mayContinue(situation) ? memories : [] }, arrival);
      const ignored = to === from && stepped.calls.length === 0 && stepped.timers.set.length === 0;
      ways.push({ to, outside: move.outside, ignored, ...spendingOf(place.context, stepped.context) });
    }
    return ways;
  }

  begin();
  for (let i = 0; i < places.length; i += 1) {
    if (places.length > statesMax) cut = `statesMax (${statesMax})`;
    if (i % 64 === 0 && performance.now() - startedAt > timeMaxMs) cut = `timeMaxMs (${timeMaxMs})`;
    if (cut !== null) break;
    edges.push(expand(i));
    if (i % 512 === 0) onProgress?.({ states: places.length, open: places.length - i, transitions });
  }
  return { places, arrivals, edges, transitions, broken: [...broken.values()], taken, cut };
}
