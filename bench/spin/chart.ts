import type { LoopState } from "../../actions/state.ts";
import { initialState } from "../../actions/state.ts";
import type { LoopMachine } from "../../machines/loop.ts";

/** A guard or a recipe as the model calls it: its name, and the constants that tell apart two uses of it. */
export type Name = { name: string; about: readonly (string | number)[] };

/** One transition out of a state, with everything that it does, in order. `to: null`: the state is not left. */
export type ModelTransition = {
  /** Where it leaves from, on what, under which guard: no two transitions of the chart are called the same. */
  text: string;
  on: string;
  guard: Name | null;
  recipes: readonly Name[];
  /** The calls that states entered on the way ask for; the target comes last. */
  call: string | null;
  to: string | null;
};

/** One state that a run can be in, with what leads out of it: for each event in the order in which it is asked. */
export type ModelState = {
  name: string;
  final: boolean;
  call: string | null;
  timed: boolean;
  transitions: readonly ModelTransition[];
  always: readonly ModelTransition[];
};

export type ModelChart = {
  initial: Pick<ModelTransition, "recipes" | "call" | "to">;
  states: readonly ModelState[];
};

type Args = { context: LoopState; event: object };
type Raw = string | { type: string; params?: unknown };
export type RawTransition = {
  target: RawNode[] | undefined;
  guard: Raw | undefined;
  actions: readonly Raw[];
  reenter: boolean;
  source: RawNode;
  eventType: string;
};
export type RawNode = {
  path: string[];
  type: string;
  parent: RawNode | undefined;
  states: Record<string, RawNode>;
  entry: readonly Raw[];
  exit: readonly Raw[];
  invoke: readonly { id: string }[];
  transitions: Map<string, RawTransition[]>;
  always: RawTransition[] | undefined;
  initial: { target: RawNode[] } | undefined;
};

/** Stands for whatever class of error the event brings. */
export const fromEvent = "fromEvent";

const action = { tool: "sample", input: null, digest: "sample" };
const turn = { claim: null, actions: [action], proposal: "sample", tree: null, changed: false };
/** A moment at which every parameter can be looked up, to learn the constants among them. */
const sample: Args = {
  context: {
    ...initialState({ runId: "sample", at: 0, baseTree: null }),
    turn,
    call: { id: "1", openedAt: 0 },
  },
  event: {
    at: 0,
    grants: [],
    raise: {},
    output: { kind: "turn", turn, facts: { grants: [] }, failure: { errorClass: fromEvent }, usage: null },
  },
};

const telling: Readonly<Record<string, readonly string[]>> = {
  isTurn: ["kind"],
  isRefused: ["reason"],
  isRefusedInDoubt: ["reason"],
  isRetryRefused: ["reason"],
  mayRetry: ["how"],
  isWithin: ["name"],
  isAtLimit: ["steps"],
  outcomeIs: ["wanted"],
  foundIs: ["wanted"],
  originIs: ["wanted"],
  ruleIs: ["wanted"],
  maySettle: ["wanted"],
  finish: ["reason"],
  setHalted: ["halted"],
};

function aboutOf(type: string, params: unknown): Name["about"] {
  const keys = telling[type] ?? [];
  if (keys.length === 0 && type !== "recordFailure") return [];
  const given = (typeof params === "function" ? params(sample) : params) as Record<string, unknown>;
  if (type === "recordFailure") {
    const { origin, errorClass } = given.failure as { origin: string; errorClass: string };
    return [origin, errorClass];
  }
  return keys.map((key) => {
    const value = given[key];
    if (typeof value === "string" || typeof value === "number") return value;
    if (typeof value === "boolean") return value ? 1 : 0;
    throw new Error(`${type} says nothing of ${key}`);
  });
}

/** A guard or a recipe as it is configured, with the constants among its parameters. */
export const nameOf = (raw: Raw): Name =>
  typeof raw === "string"
    ? { name: raw, about: [] }
    : { name: raw.type, about: aboutOf(raw.type, raw.params) };

const pathOf = ({ path }: RawNode): string => path.join(".");
const lineage = (node: RawNode): RawNode[] => (node.parent ? [...lineage(node.parent), node] : [node]);
const leafIn = (node: RawNode): RawNode =>
  node.type === "compound" ? leafIn(node.initial!.target[0]!) : node;
const leavesOf = (node: RawNode): RawNode[] =>
  node.type === "compound" ? Object.values(node.states).flatMap(leavesOf) : [node];

/** Timers carry the name of their state; a state has at most one. */
const eventOf = (type: string): string =>
  type.startsWith("xstate.after.") ? "timer" : type.replace(/^xstate\./, "");

/** What entering these states does, the outermost first. */
const entering = (nodes: readonly RawNode[]): Pick<ModelTransition, "recipes" | "call"> => ({
  recipes: nodes.flatMap(({ entry }) => entry.map(nameOf)),
  call: nodes.flatMap(({ invoke }) => invoke.map(({ id }) => id)).at(-1) ?? null,
});

/** How many states, counted from the outermost, a transition neither leaves nor enters. */
function kept({ source, target, reenter }: RawTransition): number {
  const [from, to] = [lineage(source), lineage(target![0]!)];
  const shared = from.filter((node, i) => to[i] === node).length;
  if (!reenter && shared === from.length) return shared;
  return Math.min(shared, from.length - 1, to.length - 1);
}

/** What a transition is called: no two of a chart are called the same. */
export const textOf = ({ source, eventType, guard }: RawTransition): string => {
  const { name, about } = guard === undefined ? { name: "", about: [] } : nameOf(guard);
  const asked = about.length === 0 ? name : `${name}(${about.join(", ")})`;
  const place = source.path.join(".") || "everywhere";
  return [place, eventType.replace(/^xstate\.|\.loop\..*$/g, ""), asked && `[${asked}]`]
    .filter(Boolean)
    .join(" ");
};

function transitionFrom(leaf: RawNode, raw: RawTransition): ModelTransition {
  const text = textOf(raw);
  const on = eventOf(raw.eventType);
  const guard = raw.guard === undefined ? null : nameOf(raw.guard);
  const own = raw.actions.map(nameOf);
  if (raw.target === undefined) return { text, on, guard, recipes: own, call: null, to: null };
  const stays = kept(raw);
  const to = leafIn(raw.target[0]!);
  const exits = lineage(leaf).slice(stays).reverse();
  const { recipes, call } = entering(lineage(to).slice(stays));
  const leaving = exits.flatMap(({ exit }) => exit.map(nameOf));
  return { text, on, guard, recipes: [...leaving, ...own, ...recipes], call, to: pathOf(to) };
}

function stateOf(leaf: RawNode): ModelState {
  const levels = lineage(leaf).reverse();
  const of = (raws: readonly RawTransition[]) => raws.map((raw) => transitionFrom(leaf, raw));
  const transitions = levels.flatMap((level) => of([...level.transitions.values()].flat()));
  return {
    name: pathOf(leaf),
    final: leaf.type === "final",
    call: leaf.invoke[0]?.id ?? null,
    timed: transitions.some(({ on }) => on === "timer"),
    transitions,
    always: levels.flatMap(({ always }) => of(always ?? [])),
  };
}

/** The chart as it is configured, laid out for the model: states, transitions in order, and what each does. */
export function modelChartOf(machine: LoopMachine): ModelChart {
  const root = machine.root as unknown as RawNode;
  const first = leafIn(root);
  return {
    initial: { ...entering(lineage(first)), to: pathOf(first) },
    states: leavesOf(root).map(stateOf),
  };
}
