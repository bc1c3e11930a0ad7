import { canonicalJson } from "../../src/base/digest.ts";
import { createEvaluator, type Evaluator, type Point, type Stepped } from "../../src/check/evaluate.ts";
import { type Folded, type Machine, stateName } from "../../src/host/fold.ts";

/** Transitions that were compared in this process. */
export const compared = { transitions: 0 };

const partsOf = ({ state, context, calls, timers, ended }: Omit<Stepped, "taken">) => {
  const clear = [...new Set(timers.clear)].sort();
  const memory = Object.entries(context).map(([name, value]) => [`context.${name}`, value]);
  return { state, ended, calls, set: timers.set, clear, ...Object.fromEntries(memory) };
};

/** Refuses two answers that are not the same in value, memory, calls and timers. */
export function expectSame(direct: Stepped, xstate: Stepped, event: { type: string }): void {
  compared.transitions += 1;
  const [one, other] = [partsOf(direct), partsOf(xstate)] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  for (const name of Object.keys(other)) {
    const [mine, theirs] = [canonicalJson(one[name]), canonicalJson(other[name])];
    if (mine !== theirs) throw new Error(`${event.type} makes ${name} ${mine}, and with XState ${theirs}`);
  }
}

/** What XState's fold did, in the evaluator's terms. */
export const steppedOf = ({ snapshot, calls, timers }: Folded): Stepped => ({
  state: stateName(snapshot.value),
  context: snapshot.context,
  ended: snapshot.status === "done",
  calls,
  timers: { set: timers.set.map(({ id }) => id), clear: timers.clear },
  taken: [],
});

/** Makes each step of a fold once more by the evaluator, which must come to the same. */
export function createComparison(machine: Machine) {
  let evaluator: Evaluator | null = null;
  return (before: Point, event: { type: string }, next: Folded): void => {
    evaluator ??= createEvaluator(machine);
    expectSame(evaluator.step(before, event), steppedOf(next), event);
  };
}

/** Evaluates both ways at once. */
export function both(direct: Evaluator, xstate: Evaluator): Evaluator {
  const agreed = (one: Stepped, other: Stepped, event: { type: string }): Stepped => {
    expectSame(one, other, event);
    return one;
  };
  return {
    transitions: direct.transitions,
    begin: (input) => agreed(direct.begin(input), xstate.begin(input), { type: "xstate.init" }),
    step: (point, event) => agreed(direct.step(point, event), xstate.step(point, event), event),
  };
}
