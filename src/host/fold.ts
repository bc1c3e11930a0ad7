import { type ActorScope, type AnyMachineSnapshot, createActor, type EventObject } from "xstate";
import type { LoopState } from "../../actions/state.ts";
import type { CallMachine } from "../../machines/call.ts";
import type { CallName, LoopInput, Origin } from "../../machines/events.ts";
import type { LoopMachine } from "../../machines/loop.ts";
import { canonicalJson } from "../base/digest.ts";

export type Machine = LoopMachine | CallMachine;
export type Snapshot = AnyMachineSnapshot & { context: LoopState };

/** A call that the machine asks the host to perform, as data. */
export type RequestedCall = { name: CallName; callId: string; input: unknown };
export type RequestedTimer = { id: string; delayMs: number; event: { type: string } };

/** What one event did: the next snapshot, and the effects to perform once it is committed. */
export type Folded = {
  snapshot: Snapshot;
  calls: RequestedCall[];
  timers: { set: RequestedTimer[]; clear: string[] };
};

export type Fold = {
  begin(origin: Origin): Folded;
  /** An ended run stays as it ended: of all events only a late outcome changes what it knows. */
  step(snapshot: Snapshot, event: EventObject): Folded;
  /** Snapshot as canonical JSON: value, status and context; nothing of what is in flight. */
  write(snapshot: Snapshot): string;
  read(text: string): Snapshot;
};

type Action = { type: string; params: unknown };
type Spawn = { src: CallName; input: { callId: string } };
type Raise = { id: string; delay?: number; event: { type: string } };

const nobody: LoopInput = { at: 0, runId: "nobody", baseTree: null, turn: null, carried: null };

/** Effects in the order in which the machine asked for them: a later cancel takes back an earlier timer. */
function requested(actions: readonly Action[]): Omit<Folded, "snapshot"> {
  const calls: RequestedCall[] = [];
  const set = new Map<string, RequestedTimer>();
  const clear = new Set<string>();
  for (const { type, params } of actions) {
    if (type === "xstate.spawnChild") {
      const { src, input } = params as Spawn;
      calls.push({ name: src, callId: input.callId, input });
    } else if (type === "xstate.raise") {
      const { id, delay, event } = params as Raise;
      set.set(id, { id, delayMs: delay ?? 0, event });
    } else if (type === "xstate.cancel") {
      const { sendId: id } = params as { sendId: string };
      set.delete(id);
      clear.add(id);
    }
  }
  return { calls, timers: { set: [...set.values()], clear: [...clear] } };
}

/**
 * The machine as a pure fold. One inert actor scope is reused for all transitions: XState's own `transition()`
 * builds an actor, with its context, for every event.
 */
export function createFold(machine: Machine): Fold {
  const self = createActor(machine, { input: nobody });
  let actions: Action[] = [];
  const scope = {
    self,
    id: self.id,
    sessionId: self.sessionId,
    system: self.system,
    logger: () => {},
    defer: () => {},
    emit: () => {},
    stopChild: () => {},
    actionExecutor: (action: Action) => {
      actions.push(action);
    },
  } as unknown as ActorScope<never, never>;

  const collect = (next: () => unknown): Folded => {
    actions = [];
    const snapshot = next() as Snapshot;
    // Children are inert here: what is in flight is known by the call's id, so none are carried along.
    (snapshot as { children: unknown }).children = {};
    return { snapshot, ...requested(actions) };
  };

  return {
    begin: (origin) => collect(() => machine.getInitialSnapshot(scope as never, origin.input)),
    step: (snapshot, event) =>
      snapshot.status === "active" || event.type === "effect.lateOutcome"
        ? collect(() => machine.transition(snapshot as never, event as never, scope as never))
        : { snapshot, ...requested([]) },
    write: ({ value, status, context }) => canonicalJson({ value, status, context }),
    read: (text) => machine.resolveState(JSON.parse(text)) as unknown as Snapshot,
  };
}

/** The state as dotted text: `effect.committing`. */
export function stateName(value: unknown): string {
  if (typeof value === "string") return value;
  const [[name, inner]] = Object.entries(value as object) as [[string, unknown]];
  return `${name}.${stateName(inner)}`;
}

/** Is an attempt under way, its intent written and its outcome awaited? */
export const isDispatching = ({ value }: { value: unknown }): boolean =>
  stateName(value) === "effect.committing";
