import { createFold, type Folded, type Machine, stateName } from "../host/fold.ts";
import type { Evaluator, Stepped } from "./evaluate.ts";

/** `effect.committing` as XState writes it. */
const nested = (state: string): unknown =>
  state
    .split(".")
    .reverse()
    .reduce<unknown>((inner, name) => (inner === null ? name : { [name]: inner }), null);

/** Evaluates a machine through XState itself: slower, and nothing is known of the transitions taken. */
export function createInterpreter(machine: Machine): Evaluator {
  const fold = createFold(machine);
  const stepped = ({ snapshot, calls, timers }: Folded): Stepped => ({
    state: stateName(snapshot.value),
    context: snapshot.context,
    ended: snapshot.status === "done",
    calls,
    timers: { set: timers.set.map(({ id }) => id), clear: timers.clear },
    taken: [],
  });
  return {
    transitions: [],
    begin: (input) => stepped(fold.begin({ type: "run.started", at: input.at, goal: "", input } as never)),
    step: ({ state, context }, event) =>
      stepped(fold.step(machine.resolveState({ value: nested(state), context } as never) as never, event)),
  };
}
