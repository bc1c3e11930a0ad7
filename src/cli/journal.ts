import { JournalEvent } from "../../machines/events.ts";
import { rowsOf } from "../engine/verify-log.ts";
import type { JournalRow, Store } from "../ports/store.ts";
import type { Evidence } from "../ports/verifier.ts";

/** One journal row, read; `event` is `null` where this version does not know its kind. */
export type Entry = { seq: number; at: number; type: string; event: JournalEvent | null };

function parsed(text: string): { type?: string } | null {
  try {
    return JSON.parse(text) as { type?: string } | null;
  } catch {
    return null;
  }
}

export function entryOf({ seq, at, event }: Pick<JournalRow, "seq" | "at" | "event">): Entry {
  const value = parsed(event);
  const known = JournalEvent.safeParse(value);
  return { seq, at, type: value?.type ?? "unreadable", event: known.success ? known.data : null };
}

/** The journal of a run, in order. */
export function* entriesOf(store: Store, runId: string): Generator<Entry> {
  for (const row of rowsOf(store, runId)) yield entryOf(row);
}

/** What the verifiers saw, for the reply of a verification; `null` for other events and where it is no longer stored. */
export function evidenceOf(store: Store, event: JournalEvent | null): Evidence[] | null {
  if (event?.type !== "xstate.done.actor.verify") return null;
  const value: unknown = parsed(store.blob(event.output.evidence) ?? "null");
  return Array.isArray(value) ? (value as Evidence[]) : null;
}

/** Does this event end a turn of the agent? Each step has exactly one that does. */
export const endsTurn = (type: string): boolean =>
  type === "xstate.done.actor.act" || (type.startsWith("xstate.after.") && type.endsWith(".acting"));
