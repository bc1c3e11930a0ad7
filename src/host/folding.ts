import type { ExecuteInput } from "../../machines/calls.ts";
import type { JournalEvent } from "../../machines/events.ts";
import type { Clock } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import { bounded } from "../base/text.ts";
import type { RunCommit } from "../ports/store.ts";
import { commitOf } from "./commit.ts";
import { type Folded, isDispatching, type RequestedCall } from "./fold.ts";
import { stampOf } from "./queue.ts";
import type { ActiveRun, Queued } from "./run.ts";
import { isStale } from "./timers.ts";

/** One fold of one run, and what it would write. */
export type Change = { folded: Folded; commit: RunCommit };

type Output = { outcome?: string; result?: unknown };

/** What a dispatch that is no longer awaited found out; `null` where it knows nothing. */
function lateOutcome(clock: Clock, call: RequestedCall, event: JournalEvent): Queued | null {
  const { outcome, result } = ("output" in event ? event.output : {}) as Output;
  if (call.name !== "execute" || outcome === undefined || outcome === "unknown") return null;
  const { key, attempt } = call.input as ExecuteInput;
  const about = { key, attempt, outcome, result: outcome === "applied" ? result : null };
  return { event: { type: "effect.lateOutcome", ...stampOf(clock), ...about } as JournalEvent };
}

/** A reply whose call is no longer awaited never reaches the chart as a reply, nor does a timer of a state that was left. */
function current(run: ActiveRun, item: Queued, clock: Clock): Queued | null {
  const { event, call } = item;
  if (isStale(run, item)) return null;
  if (call !== undefined && call.callId !== run.snapshot?.context.call?.id)
    return lateOutcome(clock, call, event);
  // Only what ends a dispatch is worth folding now; all else is told again, or begins anew, when the run goes on.
  return run.pausing && !isDispatching(run.snapshot!) ? null : item;
}

/** Time never goes back in a journal, whatever the clock does. */
function withTime(run: ActiveRun, event: JournalEvent): { event: JournalEvent; at: number } {
  const carrier = ("output" in event ? event.output : event) as { at: number };
  const at = Math.max(carrier.at, run.record.updatedAt);
  const timed = "output" in event ? { ...event, output: { ...event.output, at } } : { ...event, at };
  return { event: timed as JournalEvent, at };
}

function changeOf(run: ActiveRun, item: Queued): Change {
  const { event, at } = withTime(run, item.event);
  const folded = run.fold.step(run.snapshot!, event);
  const because = item.directive === undefined ? {} : { directive: item.directive };
  return { folded, commit: commitOf(run, { event, at, folded, ...because }) };
}

/** Folds one event; where that throws, the run is parked instead, and never meets the same event again. */
function fold(run: ActiveRun, item: Queued, clock: Clock): Change {
  try {
    return changeOf(run, item);
  } catch (error) {
    const message = bounded(`${item.event.type}: ${messageOf(error)}`);
    return changeOf(run, { ...item, event: { type: "host.failed", ...stampOf(clock), message } });
  }
}

/** Folds the next event that still concerns the run; `null` when there is none. Throws where a run cannot even be parked. */
export function nextChange(run: ActiveRun, clock: Clock): Change | null {
  for (let item = run.queue.shift(); item !== undefined; item = run.queue.shift()) {
    const now = current(run, item, clock);
    if (now !== null) return fold(run, now, clock);
  }
  return null;
}
