import type { Outcome } from "../../actions/state.ts";
import { JournalEvent, type Origin } from "../../machines/events.ts";
import type { Property, Seen } from "../check/index.ts";
import { rowsOf } from "../engine/verify-log.ts";
import { type Fold, type Folded, type RequestedCall, stateName } from "../host/fold.ts";
import type { Store } from "../ports/store.ts";

/** One row of a journal: what happened, where the run was and is, and what was called. */
export type Happened = {
  event: JournalEvent;
  from: string;
  state: string;
  calls: readonly RequestedCall[];
  /** The id of the call that was awaited before. */
  awaited: string | null;
  outcome: Outcome | null;
};

const isOrigin = (event: { type: string }): event is Origin =>
  event.type === "run.started" || event.type === "run.continued";

/** Folds a journal again, row by row. */
export function retold(store: Store, runId: string, fold: Fold): Happened[] {
  let before: Folded["snapshot"] | null = null;
  return [...rowsOf(store, runId)].map((row) => {
    const event = JournalEvent.parse(JSON.parse(row.event));
    const { snapshot, calls }: Folded = isOrigin(event) ? fold.begin(event) : fold.step(before!, event);
    const happened: Happened = {
      event,
      from: before === null ? "" : stateName(before.value),
      state: stateName(snapshot.value),
      calls,
      awaited: before?.context.call?.id ?? null,
      outcome: snapshot.status === "active" ? null : snapshot.context.outcome,
    };
    before = snapshot;
    return happened;
  });
}

/** A rehearsed event as a property sees it. What limits are used up and how old a verdict is can be told from the search alone. */
const seenOf = (happened: Happened): Seen => ({ ...happened, found: [], took: null, fault: null });

/**
 * What a property of a person's own says of what happened; `null`: it holds. Properties that read `found`, `took` or
 * `fault` are for the search.
 */
export function violationIn(
  property: Property,
  happened: readonly Happened[],
  rules: Parameters<Property["see"]>[2],
): string | null {
  let memory = property.begin;
  for (const one of happened) {
    const next = property.see(memory, seenOf(one), rules);
    if (typeof next === "object" && next !== null && "violated" in next) return String(next.violated);
    memory = next;
  }
  return null;
}

/** What happened, one line a row. */
export const linesOf = (happened: readonly Happened[]): string[] =>
  happened.map(({ event, state, calls }) => {
    const output = "output" in event ? (event.output as Record<string, unknown>) : {};
    const said = output.outcome ?? output.found ?? output.kind ?? output.result;
    const words = typeof said === "string" ? ` (${said})` : "";
    const called = calls.map(({ name }) => `, calls ${name}`).join("");
    return `${event.type.replace("xstate.done.actor.", "reply to ").replace(/^xstate\.after\..*/, "time is up")}${words} → ${state}${called}`;
  });
