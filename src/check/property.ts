import type { Outcome } from "../../actions/state.ts";
import type {
  ActReply,
  AssessReply,
  ExecuteReply,
  ObserveReply,
  ReconcileReply,
  VerifyReply,
} from "../../machines/events.ts";
import type { LoopRules } from "../../machines/rules.ts";
import type { Naming } from "./forget.ts";
import type { Found } from "./found.ts";

// What a run may never do, observed from outside: events in, requested calls and the state's name out. No property looks
// into the chart's memory, so a wrong memory is caught like anything else.

/** One event and what it did, as seen from outside. The first of a run is its origin. */
export type Seen = {
  event: { type: string };
  /** What came about before and is found out now: a limit that is used up, a verdict that is too old. */
  found: readonly Found[];
  /** Where the run was before, and where it is now. */
  from: string;
  state: string;
  calls: readonly { name: string; callId: string; input: unknown }[];
  outcome: Outcome | null;
  /** The id of the call that was awaited before. */
  awaited: string | null;
  /** The event took up the turn's next action: whether more follow it. */
  took: { more: boolean } | null;
  /** What the chart threw, or `null`. */
  fault: string | null;
};

export type Violation = { violated: string };

/**
 * A promise about every run. `Memory` is plain data and is never changed in place: what it holds tells states apart, so the
 * less it remembers, the faster the search.
 */
export type Property<Memory = unknown> = {
  name: string;
  /** The promise, as a sentence. */
  says: string;
  /** Where the contract asks for it. */
  clause: string;
  /** Tools that it speaks of by name: each is searched by itself, not together with others that the chart treats alike. */
  tools?: readonly string[];
  begin: Memory;
  /** The next memory, or what was violated. */
  see(memory: Memory, seen: Seen, rules: LoopRules): Memory | Violation;
  /** The same memory with keys and attempts called as they are from now on. Needed only where it holds any. */
  rename?(memory: Memory, naming: Naming): Memory;
};

export const isViolation = (value: unknown): value is Violation =>
  typeof value === "object" && value !== null && "violated" in value;

export const violated = (text: string): Violation => ({ violated: text });

/** Hides what a property remembers, so that properties can stand in one list. */
export const property = <Memory>(one: Property<Memory>): Property => one as unknown as Property;

type Replies = {
  act: ActReply;
  verify: VerifyReply;
  assess: AssessReply;
  observe: ObserveReply;
  execute: ExecuteReply;
  reconcile: ReconcileReply;
};

/** The reply in this event, if it is one to a call of this name. */
export const replyIn = <Name extends keyof Replies>({ event }: Seen, name: Name): Replies[Name] | null =>
  event.type === `xstate.done.actor.${name}` ? (event as unknown as { output: Replies[Name] }).output : null;

/** The event, if it is of this type. */
export const eventIn = <Fields>({ event }: Seen, type: string): Fields | null =>
  event.type === type ? (event as unknown as Fields) : null;

/** The input of the call of this name that the event led to. */
export const callIn = <Input>({ calls }: Seen, name: string): Input | null =>
  (calls.find((call) => call.name === name)?.input as Input | undefined) ?? null;

/** Did the event lead to a call of one of these names? */
export const requests = ({ calls }: Seen, ...names: string[]): boolean =>
  calls.some(({ name }) => names.includes(name));

export const isParked = (state: string): boolean =>
  state === "escalated" || state === "effect.awaitingApproval";

/** The facts in this event, if it brings any. */
export const factsIn = (seen: Seen) => replyIn(seen, "assess")?.facts ?? null;
