import { createMachine } from "xstate";
import type { LoopMachine } from "../../machines/loop.ts";

export type Named = string | { type: string; params?: unknown };

/** A transition as it is configured, with its actions in a list. */
export type TransitionConfig = {
  target?: string;
  guard?: Named;
  reenter?: boolean;
  actions: Named[];
};

type Transitions = Record<string, TransitionConfig[]>;
type InvokeConfig = {
  id: string;
  src: unknown;
  input: unknown;
  onDone: TransitionConfig[];
  onError: TransitionConfig[];
};

/** A state as it is configured, with a list wherever one or several may stand. */
export type StateConfig = {
  id?: string;
  initial?: string;
  entry: Named[];
  exit: Named[];
  always: TransitionConfig[];
  on: Transitions;
  after: Transitions;
  invoke: InvokeConfig[];
  states: Record<string, StateConfig>;
};

type Listed<Item> = Item | readonly Item[] | undefined;
type RawTransition = string | (Omit<TransitionConfig, "actions"> & { actions?: Listed<Named> });
type RawState = Omit<StateConfig, "entry" | "exit" | "always" | "on" | "after" | "invoke" | "states"> & {
  entry?: Listed<Named>;
  exit?: Listed<Named>;
  always?: Listed<RawTransition>;
  on?: Record<string, Listed<RawTransition>>;
  after?: Record<string, Listed<RawTransition>>;
  invoke?: Listed<
    Omit<InvokeConfig, "onDone" | "onError"> & {
      onDone?: Listed<RawTransition>;
      onError?: Listed<RawTransition>;
    }
  >;
  states?: Record<string, RawState>;
};

const listOf = <Item>(value: Listed<Item>): Item[] =>
  value === undefined ? [] : Array.isArray(value) ? [...value] : [value as Item];

const mapped = <From, To>(record: Record<string, From> | undefined, change: (value: From) => To) =>
  Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, change(value)]));

const transitionFrom = (raw: RawTransition): TransitionConfig =>
  typeof raw === "string" ? { target: raw, actions: [] } : { ...raw, actions: listOf(raw.actions) };
const transitionsFrom = (raw: Listed<RawTransition>): TransitionConfig[] => listOf(raw).map(transitionFrom);

const stateFrom = (raw: RawState): StateConfig => ({
  ...raw,
  entry: listOf(raw.entry),
  exit: listOf(raw.exit),
  always: transitionsFrom(raw.always),
  on: mapped(raw.on, transitionsFrom),
  after: mapped(raw.after, transitionsFrom),
  invoke: listOf(raw.invoke).map((one) => ({
    ...one,
    onDone: transitionsFrom(one.onDone),
    onError: transitionsFrom(one.onError),
  })),
  states: mapped(raw.states, stateFrom),
});

/** A copy of a machine's configuration that can be changed freely: lists everywhere, and no part stands in two places. */
export const configOf = (machine: LoopMachine): StateConfig =>
  stateFrom(machine.config as unknown as RawState);

/** An empty list of transitions would still arm a timer and claim an event: what has none is left out. */
const isFull = ([, list]: [string, TransitionConfig[]]): boolean => list.length > 0;
const withoutEmpty = ({ on, after, states, ...state }: StateConfig): object => ({
  ...state,
  on: Object.fromEntries(Object.entries(on).filter(isFull)),
  after: Object.fromEntries(Object.entries(after).filter(isFull)),
  ...(Object.keys(states).length > 0 && { states: mapped(states, withoutEmpty) }),
});

/** Guards that a mutant may ask instead of its own. */
export const fixedGuards = { isAlwaysTrue: () => true, isAlwaysFalse: () => false };

/** A machine built anew from a configuration, with what the given one decides and does. */
export function machineFrom(config: StateConfig, { implementations }: LoopMachine): LoopMachine {
  const guards = { ...implementations.guards, ...fixedGuards };
  return createMachine(withoutEmpty(config) as never, { ...implementations, guards } as never) as never;
}
