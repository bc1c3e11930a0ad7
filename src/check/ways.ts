import type { LoopState } from "../../actions/state.ts";
import type { LoopInput } from "../../machines/events.ts";
import { messageOf } from "../base/errors.ts";
import { type Choose, everyWay } from "./choices.ts";
import type { Evaluator, Stepped } from "./evaluate.ts";
import { now } from "./forget.ts";
import { type Found, memoryOf } from "./found.ts";
import { mayContinue, nextMove } from "./moves.ts";
import { laterDigest, treeNow } from "./names.ts";
import type { Seen } from "./property.ts";
import { obstacles, unfold } from "./replies.ts";
import type { Move, Situation, World } from "./situation.ts";

/** One way on from a situation. */
export type Way = {
  move: Move;
  stepped: Stepped;
  seen: Seen;
  /** What happens, in words; no two ways from one situation are called the same. */
  label: () => string;
};

/** What a chart starts from, with the memory of an earlier one or none. */
export const originOf = (carried: LoopState | null, { hasWorkspace }: World): LoopInput => ({
  at: now,
  runId: "run",
  baseTree: hasWorkspace ? treeNow : null,
  turn: null,
  carried,
});

/** What one event did, or what the chart threw at it. */
type Tried = { stepped: Stepped; fault: string | null };

function tried({ state, context }: Situation, step: () => Stepped): Tried {
  try {
    return { stepped: step(), fault: null };
  } catch (error) {
    const nothing = { ended: false, calls: [], timers: { set: [], clear: [] }, taken: [] };
    return { stepped: { state, context, ...nothing }, fault: messageOf(error) };
  }
}

type TakenUp = { stepped: Stepped; took: Seen["took"]; words: readonly string[] };

/** The turn's next action is looked at only when its turn has come: what it is, and what follows, is chosen here. */
function takeUp(world: World, stepped: Stepped, choose: Choose): TakenUp {
  const { turn, cursor } = stepped.context;
  if (turn?.actions[cursor]?.digest !== laterDigest) return { stepped, took: null, words: [] };
  const unfolded = unfold(world, turn, cursor, choose);
  const action = unfolded.actions[cursor]!;
  const calls = stepped.calls.map((call) => ({ ...call, input: { ...(call.input as object), action } }));
  const more = unfolded.actions.length > cursor + 1;
  return {
    stepped: { ...stepped, context: { ...stepped.context, turn: unfolded }, calls },
    took: { more },
    words: [`next comes ${action.tool}${more ? ", and more" : ""}`],
  };
}

function wayBy(chart: Evaluator, world: World, at: Situation, choose: Choose): Way {
  const { state, context } = at;
  const move = nextMove(world, at, choose);
  const { event } = move;
  const isOrigin = event.type === "run.continued";
  const step = (found: readonly Found[]): Tried =>
    tried(at, () =>
      isOrigin
        ? chart.begin(originOf(context, world))
        : chart.step({ state, context: memoryOf(context, found, world.rules, event) }, event),
    );
  let { found } = move;
  let result = step(found);
  if (!isOrigin && result.stepped.calls.some(({ name }) => name === "act")) {
    // A turn was about to start: what could stand in its way is looked at only here.
    const more = choose(obstacles(world, state === "acting" && event.type === "host.recovered"));
    if (more.length > 0) {
      found = [...found, ...more];
      result = step(found);
    }
  }
  const { stepped, took, words } = takeUp(world, result.stepped, choose);
  const seen: Seen = {
    event,
    found,
    from: state,
    state: stepped.state,
    calls: stepped.calls,
    outcome: stepped.ended ? stepped.context.outcome : null,
    awaited: context.call?.id ?? null,
    took,
    fault: result.fault,
  };
  return { move, stepped, seen, label: () => [move.label(), ...found, ...words].join("; ") };
}

/** Every way on from a situation. */
export function* waysFrom(chart: Evaluator, world: World, at: Situation): Generator<Way> {
  if (mayContinue(at)) yield* everyWay((choose) => wayBy(chart, world, at, choose));
}

/** How a run begins. */
export function beginning(chart: Evaluator, world: World): Omit<Way, "move"> {
  const stepped = chart.begin(originOf(null, world));
  const seen: Seen = {
    event: { type: "run.started" },
    found: [],
    from: "",
    state: stepped.state,
    calls: stepped.calls,
    outcome: null,
    awaited: null,
    took: null,
    fault: null,
  };
  return { stepped, seen, label: () => "the run starts" };
}
