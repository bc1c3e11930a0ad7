import type { ExecuteInput } from "../../machines/calls.ts";
import {
  callIn,
  factsIn,
  type Property,
  property,
  replyIn,
  requests,
  type Seen,
  violated,
} from "./property.ts";

/** Something that may be true of one event and of what it did. `tools`: those that it speaks of by name. */
export type Happening = ((seen: Seen) => boolean) & { readonly tools?: readonly string[] };

const about = (tools: readonly string[], holds: (seen: Seen) => boolean): Happening =>
  Object.assign(holds, { tools });

const toolIn = (seen: Seen, call: "execute" | "observe"): string | null =>
  callIn<Pick<ExecuteInput, "action">>(seen, call)?.action.tool ?? null;

/** The tool is dispatched, or read; without a name: any tool. */
export const runs = (tool?: string): Happening =>
  about(tool === undefined ? [] : [tool], (seen) => {
    const names = [toolIn(seen, "execute"), toolIn(seen, "observe")];
    return tool === undefined ? names.some((name) => name !== null) : names.includes(tool);
  });

/** The tool is dispatched with a person's grant; without a name: any tool. */
export const runsApproved = (tool?: string): Happening =>
  about(tool === undefined ? [] : [tool], (seen) => {
    const sent = callIn<ExecuteInput>(seen, "execute");
    return sent !== null && sent.grants.length > 0 && (tool === undefined || sent.action.tool === tool);
  });

/** The tool is dispatched, or read, without a person's word; without a name: any tool. */
export const runsUnasked = (tool?: string): Happening =>
  about(tool === undefined ? [] : [tool], (seen) => {
    const hasRun = runs(tool)(seen);
    return (
      hasRun && (callIn<ExecuteInput>(seen, "execute")?.grants ?? factsIn(seen)?.grants ?? []).length === 0
    );
  });

/** An action of the tool came to its end: it was applied, or read. */
export const applies: Happening = (seen) =>
  replyIn(seen, "execute")?.outcome === "applied" || replyIn(seen, "observe")?.outcome === "observed";

/** The agent's turn starts. */
export const turnStarts: Happening = (seen) => requests(seen, "act");

/** The verifiers say this. */
export const verdictIs =
  (result: "passed" | "failed" | "unverifiable"): Happening =>
  (seen) =>
    replyIn(seen, "verify")?.result === result;

/** The run is parked for a person, or a question is put to one. */
export const asksPerson: Happening = (seen) =>
  seen.from !== seen.state && (seen.state === "escalated" || seen.state === "effect.awaitingApproval");

/** The run ends like this. */
export const endsAs =
  (status: "succeeded" | "stopped"): Happening =>
  (seen) =>
    seen.outcome?.status === status;

/** The event that a host or a person sends, by its name in the journal, for example `directive.halt`. */
export const happens =
  (type: string): Happening =>
  (seen) =>
    seen.event.type === type;

export const either = (...happenings: readonly Happening[]): Happening =>
  about(toolsOf(...happenings), (seen) => happenings.some((one) => one(seen)));

const toolsOf = (...happenings: readonly Happening[]): string[] => [
  ...new Set(happenings.flatMap(({ tools = [] }) => tools)),
];

/** What you call your promise, and how it reads as a sentence. */
export type Promised = { name: string; says: string };

const promised = <Memory>(
  { name, says }: Promised,
  happenings: readonly Happening[],
  rest: Pick<Property<Memory>, "begin" | "see">,
): Property => property<Memory>({ name, says, clause: "your own", tools: toolsOf(...happenings), ...rest });

/** This never happens. */
export const never = (promise: Promised, what: Happening): Property =>
  promised<null>(promise, [what], {
    begin: null,
    see: (memory, seen) => (what(seen) ? violated("it happened") : memory),
  });

/** Whatever happens, this is true of it. */
export const always = (promise: Promised, what: Happening): Property =>
  promised<null>(promise, [what], {
    begin: null,
    see: (memory, seen) => (what(seen) ? memory : violated("it was not so")),
  });

/** `later` never happens before `first` has; with `since`, before it has happened again after that. */
export const precedes = (
  promise: Promised,
  { first, later, since }: { first: Happening; later: Happening; since?: Happening },
): Property =>
  promised<boolean>(promise, [first, later, ...(since ? [since] : [])], {
    begin: false,
    see(hasBeen, seen) {
      if (later(seen) && !hasBeen && !first(seen)) return violated("it happened before what must come first");
      if (first(seen)) return true;
      return since?.(seen) ? false : hasBeen;
    },
  });

/** After `after`, `until` happens within so many events; the run may also end before that. */
export const eventuallyWithin = (
  promise: Promised,
  events: number,
  { after, until }: { after: Happening; until: Happening },
): Property =>
  promised<number | null>(promise, [after, until], {
    begin: null,
    see(left, seen) {
      if (until(seen) || seen.outcome !== null) return null;
      if (left === 1) return violated(`it did not happen within ${events} events`);
      if (left !== null) return left - 1;
      return after(seen) ? events : null;
    },
  });
