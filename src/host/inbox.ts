import { Directive } from "../../machines/events.ts";
import type { DirectiveRow } from "../ports/store.ts";
import type { Hub } from "./hub.ts";
import { enqueue } from "./queue.ts";
import type { ActiveRun, Queued } from "./run.ts";

function parse(text: string): Directive | null {
  try {
    return Directive.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A word that this run has not heard yet, ready to be folded. What is no word stays in the inbox and moves nothing. */
export function hear(run: ActiveRun, { seq, event }: DirectiveRow): Queued | null {
  if (run.seen.has(seq)) return null;
  run.seen.add(seq);
  const word = parse(event);
  return word === null ? null : { event: word, directive: seq };
}

/** Looks into the inboxes of all runs. */
export function pollInbox(hub: Hub): void {
  for (const row of hub.store.directives([...hub.active.keys()])) {
    const run = hub.active.get(row.runId);
    const item = run === undefined ? null : hear(run, row);
    if (run !== undefined && item !== null) enqueue(hub, run, item);
  }
}
