import type { AnyStateMachine } from "xstate";
import { eventWords, guardWords } from "./words.ts";

/** One state, as data. `id` is dotted: `effect.assessing`. */
export type ChartState = {
  id: string;
  parent: string | null;
  kind: "state" | "compound" | "final";
  /** Where a compound state begins. */
  initial: string | null;
  /** What it calls, or `null`. */
  call: string | null;
  /** It waits for a person. */
  parked: boolean;
};

/** One arrow. `on` is in readable words, empty where the chart moves on by itself; `from` is `null` for every state. */
export type ChartTransition = { from: string | null; on: string; guard: string | null; to: string | null };

/** A machine's definition as data, from which all pictures are drawn. */
export type Chart = {
  machine: string;
  initial: string;
  states: ChartState[];
  transitions: ChartTransition[];
};

type Node = AnyStateMachine["root"];
type Transition = Node["transitions"] extends Map<string, (infer Item)[]> ? Item : never;

const idOf = (node: Node): string => node.path.join(".");
const children = (node: Node): Node[] => Object.values(node.states) as Node[];
const descendants = (node: Node): Node[] => children(node).flatMap((child) => [child, ...descendants(child)]);

function stateOf(node: Node): ChartState {
  const { parent, type } = node;
  return {
    id: idOf(node),
    parent: parent === undefined || parent.path.length === 0 ? null : idOf(parent),
    kind: type === "final" ? "final" : type === "compound" ? "compound" : "state",
    initial: type === "compound" ? idOf(node.initial.target[0] as Node) : null,
    call: node.invoke[0]?.id ?? null,
    parked: node.tags.includes("parked"),
  };
}

function transitionOf(from: string | null, { eventType, guard, target }: Transition): ChartTransition {
  const to = target?.[0];
  return {
    from,
    on: eventWords(eventType),
    guard: guardWords(guard),
    to: to === undefined ? null : idOf(to as Node),
  };
}

function transitionsOf(node: Node): ChartTransition[] {
  const from = node.path.length === 0 ? null : idOf(node);
  const own = [...(node.always ?? []), ...[...node.transitions.values()].flat()] as Transition[];
  return own.map((transition) => transitionOf(from, transition));
}

/** Reads a machine's definition. */
export function chartOf(machine: AnyStateMachine): Chart {
  const { root } = machine;
  return {
    machine: machine.id,
    initial: idOf(root.initial.target[0] as Node),
    states: descendants(root).map(stateOf),
    transitions: [root, ...descendants(root)].flatMap(transitionsOf),
  };
}
