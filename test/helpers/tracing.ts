import { type AnyTransitionDefinition, createActor, type InspectionEvent, type StateNode } from "xstate";
import type { Machine, Snapshot } from "../../src/host/fold.ts";

// Which transitions a story took, by the machine's own definitions: XState reports each microstep to an inspector.

/** The transitions that stories took in this process. */
export const taken = new Set<string>();

const labelOf = (type: string): string =>
  type.startsWith("xstate.after.") ? "after" : type.replace("xstate.", "") || "always";
const guardOf = ({ guard }: AnyTransitionDefinition): string =>
  typeof guard === "object" && guard !== null && "type" in guard ? String(guard.type) : String(guard ?? "");

/** A transition by name: state, event, place among its alternatives, guard and target. */
function nameOf(definition: AnyTransitionDefinition): string {
  const { source, eventType, target } = definition;
  const siblings = eventType === "" ? (source.always ?? []) : (source.transitions.get(eventType) ?? []);
  const state = `${source.machine.id}:${source.path.join(".") || "everywhere"}`;
  const to = target?.map(({ path }) => path.join(".")).join(",") ?? "here";
  return `${state} ${labelOf(eventType)} #${siblings.indexOf(definition)} ${guardOf(definition)} → ${to}`;
}

const transitionsIn = (node: StateNode): string[] => [
  ...[...node.transitions.values(), node.always ?? []].flat().map(nameOf),
  ...Object.values(node.states).flatMap(transitionsIn),
];

/** Every transition that the machine defines. */
export const transitionsOf = (machine: Machine): string[] =>
  transitionsIn(machine.root as unknown as StateNode);

/** A transition's name without the machine, and without the exit that each machine gives to the shared states. */
export const sharedName = (name: string): string =>
  name.replace(/^\w+:/, "").replace(/(deciding|returning)$/, "exit");

/** Notes the transitions that an event takes; kept apart from the fold under test. */
export function createTracer(
  machine: Machine,
): (snapshot: Snapshot | null, event: unknown, input: unknown) => void {
  const inspect = (event: InspectionEvent) => {
    if (event.type !== "@xstate.microstep") return;
    for (const definition of event._transitions) taken.add(nameOf(definition));
  };
  const self = createActor(machine, {
    input: { at: 0, runId: "nobody", baseTree: null, turn: null, carried: null },
    inspect,
  });
  const nothing = () => {};
  const scope = {
    self,
    id: self.id,
    sessionId: self.sessionId,
    system: self.system,
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: nothing,
  } as never;
  return (snapshot, event, input) => {
    if (snapshot === null) machine.getInitialSnapshot(scope, input as never);
    else machine.transition(snapshot as never, event as never, scope);
  };
}
