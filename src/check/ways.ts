import { initialState, type LoopState } from "../../actions/state.ts";
import type { LoopInput } from "../../machines/events.ts";
import { messageOf } from "../base/errors.ts";
import { situationAfter } from "./arrive.ts";
import { type Choose, everyWay } from "./choices.ts";
import type { Evaluator, Point, Stepped } from "./evaluate.ts";
import { type Naming, now } from "./forget.ts";
import { type Found, memoryOf } from "./found.ts";
import { mayContinue, nextMove } from "./moves.ts";
import { laterDigest, treeNow } from "./names.ts";
import type { Seen } from "./property.ts";
import { obstacles, unfold } from "./replies.ts";
import type { Move, Situation, World } from "./situation.ts";

/** Looks at what happens while it is still open: a fact that nobody has looked at before is chosen when this looks at it. */
type Look<Looked> = (seen: Seen, naming: Naming) => Looked;

/** One way on from a situation, and where it leads. */
export type Way<Looked = undefined> = {
  move: Move;
  stepped: Stepped;
  seen: Seen;
  situation: Situation;
  looked: Looked;
  /** The facts that the chart looked at before it decided; those that it did not look at cannot matter. */
  facts: readonly string[];
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

function tried({ state, context }: Point, step: () => Stepped): Tried {
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

const none: readonly string[] = [];

/** Facts are made when they are looked at, so those that are there were. */
function factsIn(event: { type: string }): readonly string[] {
  const { output } = event as { output?: { facts?: object } };
  return output?.facts === undefined ? none : Object.keys(output.facts);
}

function wayBy<Looked>(
  chart: Evaluator,
  world: World,
  at: Situation,
  look: Look<Looked>,
  choose: Choose,
): Way<Looked> {
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
  const facts = factsIn(event);
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
  const { situation, naming } = situationAfter(at, stepped);
  const looked = look(seen, naming);
  return {
    move,
    stepped,
    seen,
    situation,
    looked,
    facts,
    label: () => [move.label(), ...found, ...words].join("; "),
  };
}

const lookAway = (): undefined => undefined;

/** Every way on from a situation; `look` sees each, and may make it several by what it looks at. */
export function waysFrom(chart: Evaluator, world: World, at: Situation): Generator<Way>;
export function waysFrom<Looked>(
  chart: Evaluator,
  world: World,
  at: Situation,
  look: Look<Looked>,
): Generator<Way<Looked>>;
export function* waysFrom(
  chart: Evaluator,
  world: World,
  at: Situation,
  look: Look<unknown> = lookAway,
): Generator<Way<unknown>> {
  if (mayContinue(at)) yield* everyWay((choose) => wayBy(chart, world, at, look, choose));
}

/** How a run begins. */
export function beginning<Looked>(
  chart: Evaluator,
  world: World,
  look: Look<Looked>,
): Omit<Way<Looked>, "move"> {
  const origin = originOf(null, world);
  const { stepped, fault } = tried({ state: "", context: initialState(origin) }, () => chart.begin(origin));
  const seen: Seen = {
    event: { type: "run.started" },
    found: [],
    from: "",
    state: stepped.state,
    calls: stepped.calls,
    outcome: null,
    awaited: null,
    took: null,
    fault,
  };
  const { situation, naming } = situationAfter(null, stepped);
  return { stepped, seen, situation, looked: look(seen, naming), facts: [], label: () => "the run starts" };
}
