import type { LoopMachine } from "../../machines/loop.ts";
import {
  configOf,
  fixedGuards,
  machineFrom,
  type Named,
  type StateConfig,
  type TransitionConfig,
} from "./config.ts";

/** A fault in the chart: one place of its configuration, changed. */
export type Mutant = {
  kind: "guard" | "removed" | "retargeted" | "dropped";
  name: string;
  /** The machine with the fault, built anew; the given one stays as it is. */
  plant: (machine: LoopMachine) => LoopMachine;
};

type Change = Pick<Mutant, "kind" | "name"> & { change: (config: StateConfig) => void };

/** A list in the configuration, with the way to it: changed configurations are copies, so a list is found again in each. */
type Place<Item> = { path: string; words: string; find: (config: StateConfig) => Item[] };

const nameOf = (named: Named): string => (typeof named === "string" ? named : named.type);

const stateAt = (config: StateConfig, path: string): StateConfig =>
  path === "" ? config : path.split(".").reduce((state, name) => state.states[name]!, config);

const pathsIn = (state: StateConfig, path = ""): string[] => [
  path,
  ...Object.entries(state.states).flatMap(([name, inner]) =>
    pathsIn(inner, path === "" ? name : `${path}.${name}`),
  ),
];

const parentOf = (path: string): string => path.split(".").slice(0, -1).join(".");

function listsOf(config: StateConfig, path: string): Place<TransitionConfig>[] {
  const { on, after, invoke } = stateAt(config, path);
  const place = (words: string, find: (state: StateConfig) => TransitionConfig[]) => ({
    path,
    words,
    find: (changed: StateConfig) => find(stateAt(changed, path)),
  });
  return [
    place("always", ({ always }) => always),
    ...Object.keys(on).map((type) => place(type, (state) => state.on[type]!)),
    ...Object.keys(after).map((delay) => place(`after ${delay}`, (state) => state.after[delay]!)),
    ...invoke.flatMap(({ id }, i) => [
      place(`${id} done`, (state) => state.invoke[i]!.onDone),
      place(`${id} fails`, (state) => state.invoke[i]!.onError),
    ]),
  ];
}

/** The leaf that a configured target means. */
function leafOf(config: StateConfig, source: string, target: string): string {
  const [first = "", ...rest] = target.replace("#", "").split(".");
  const isId = target.startsWith("#");
  const paths = pathsIn(config);
  const start = isId
    ? (paths.find((path) => stateAt(config, path).id === first) ?? first)
    : [parentOf(source), first].filter(Boolean).join(".");
  const path = [start, ...rest].join(".");
  const { initial } = stateAt(config, path);
  return initial === undefined ? path : `${path}.${initial}`;
}

/** Where transitions are led astray: to the dispatch itself, and to a person or, if that is their way, on as if all were well. */
function otherTargets(config: StateConfig, path: string, target: string | undefined): string[] {
  const present = target === undefined ? null : leafOf(config, path, target);
  const other = present === "escalated" ? "deciding" : "escalated";
  return ["effect.committing", other].filter((one) => one !== present);
}

const idOf: Record<string, string> = {
  "effect.committing": "#effect.committing",
  escalated: "#escalated",
  deciding: "#deciding",
};

function changesOfTransition(
  config: StateConfig,
  { path, words, find }: Place<TransitionConfig>,
  index: number,
): Change[] {
  const { guard, target, actions } = find(config)[index]!;
  const asks = guard === undefined ? "" : ` [${nameOf(guard)}]`;
  const where = `${path || "everywhere"}, ${words} ${index + 1}${asks}`;
  const changed = (kind: Mutant["kind"], what: string, change: (one: TransitionConfig) => void): Change => ({
    kind,
    name: `${where}: ${what}`,
    change: (copy) => change(find(copy)[index]!),
  });
  return [
    ...(guard === undefined
      ? []
      : Object.keys(fixedGuards).map((type) =>
          changed("guard", type === "isAlwaysTrue" ? "always true" : "always false", (one) => {
            one.guard = { type };
          }),
        )),
    { kind: "removed", name: `${where}: removed`, change: (copy) => void find(copy).splice(index, 1) },
    ...otherTargets(config, path, target).map((other) =>
      changed("retargeted", `to ${other}`, (one) => {
        one.target = idOf[other]!;
      }),
    ),
    ...actions.map((action, i) =>
      changed("dropped", `without ${nameOf(action)} (${i + 1})`, (one) => void one.actions.splice(i, 1)),
    ),
  ];
}

const changesOfState = (config: StateConfig, path: string): Change[] =>
  (["entry", "exit"] as const).flatMap((when) =>
    stateAt(config, path)[when].map((action, i) => ({
      kind: "dropped" as const,
      name: `${path}, ${when}: without ${nameOf(action)} (${i + 1})`,
      change: (copy: StateConfig) => void stateAt(copy, path)[when].splice(i, 1),
    })),
  );

const planted =
  (change: Change["change"]): Mutant["plant"] =>
  (machine) => {
    const config = configOf(machine);
    change(config);
    return machineFrom(config, machine);
  };

/**
 * Every single fault of a chart, read from its configuration: each guard always true and always false, each transition
 * removed and led astray, each recipe dropped where it stands.
 */
export function mutantsOf(machine: LoopMachine): Mutant[] {
  const config = configOf(machine);
  const changes = pathsIn(config).flatMap((path) => [
    ...changesOfState(config, path),
    ...listsOf(config, path).flatMap((place) =>
      place.find(config).flatMap((_, i) => changesOfTransition(config, place, i)),
    ),
  ]);
  return changes.map(({ kind, name, change }) => ({ kind, name, plant: planted(change) }));
}
