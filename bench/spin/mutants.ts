import { createLoopMachine, type LoopMachine } from "../../machines/loop.ts";
import type { LoopRules } from "../../machines/rules.ts";
import { nameOf, type RawNode, type RawTransition, textOf } from "./chart.ts";
import type { FixedGuards } from "./promela.ts";

/** One fault in the chart: how it is planted in a machine, and which guards it fixes. */
export type Mutant = { name: string; plant: (machine: LoopMachine) => LoopMachine; fixed: FixedGuards };

const rootOf = (machine: LoopMachine): RawNode => machine.root as unknown as RawNode;
const nodesIn = (node: RawNode): RawNode[] => [node, ...Object.values(node.states).flatMap(nodesIn)];
const listsOf = ({ transitions, always }: RawNode): RawTransition[][] => [
  ...transitions.values(),
  always ?? [],
];

const fixedGuard = (name: string, value: boolean): Mutant => ({
  name: `${name} is always ${value}`,
  plant: (machine) => machine.provide({ guards: { [name]: () => value } }) as unknown as LoopMachine,
  fixed: { [name]: value },
});

/** The machine is changed in place: it must be one of its own. */
function dropped(place: { node: number; list: number; item: number }, text: string): Mutant {
  const plant = (machine: LoopMachine): LoopMachine => {
    listsOf(nodesIn(rootOf(machine))[place.node]!)[place.list]!.splice(place.item, 1);
    return machine;
  };
  return { name: `without ${text}`, plant, fixed: {} };
}

/** Every guard of the chart always true and always false, and the chart without each of its transitions. */
export function mutantsOf(rules: LoopRules): Mutant[] {
  const nodes = nodesIn(rootOf(createLoopMachine(rules)));
  const transitions = nodes.flatMap((node) => listsOf(node).flat());
  const guards = new Set(transitions.flatMap(({ guard }) => (guard === undefined ? [] : nameOf(guard).name)));
  return [
    ...[...guards].sort().flatMap((name) => [fixedGuard(name, true), fixedGuard(name, false)]),
    ...nodes.flatMap((node, n) =>
      listsOf(node).flatMap((list, l) =>
        list.map((one, i) => dropped({ node: n, list: l, item: i }, textOf(one))),
      ),
    ),
  ];
}

/** Two dozen of them, for a run of some minutes: for each property some that break it, and some that break none. */
export const chosen: readonly string[] = [
  "mayDispatch is always true",
  "mayDispatch is always false",
  "mayObserve is always true",
  "isRefused is always true",
  "isRefused is always false",
  "isApproved is always true",
  "isGoalReached is always true",
  "isProposalProved is always true",
  "isRejected is always false",
  "isInDoubt is always false",
  "isHalted is always false",
  "isAborted is always false",
  "isKnownApplied is always false",
  "isAbsentCertain is always true",
  "isWithin is always true",
  "maySettle is always true",
  "mayResume is always true",
  "mayRetry is always true",
  "ruleIs is always true",
  "isTurn is always false",
  "hasNextAction is always false",
  "without everywhere directive.abort",
  "without everywhere directive.halt",
  "without everywhere effect.lateOutcome",
  "without starting [isInDoubt]",
  "without deciding [isHalted]",
  "without effect.inDoubt [ruleIs(reconcile)]",
  "without effect.committing host.recovered",
  "without effect.assessing done.actor.assess [isRefused(forbidden)]",
];
