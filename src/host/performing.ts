import type { JournalEvent } from "../../machines/events.ts";
import type { RequestedCall } from "./fold.ts";
import { release } from "./holding.ts";
import type { Hub } from "./hub.ts";
import { enqueue, stampOf } from "./queue.ts";
import { brokenEvent, replyEvent } from "./replies.ts";
import type { ActiveRun } from "./run.ts";

const haltedAnswer = {
  outcome: "notApplied",
  failure: { errorClass: "cancelled", message: "a halt is in force", retryAfterMs: null },
  fingerprint: "halted",
};

/** The last look before a dispatch: is the lease still ours, and is no halt in force? */
function lastLook({ store, owner, clock }: Hub, { record, epoch }: ActiveRun): "clear" | "lost" | "halted" {
  if (!store.holds({ runId: record.id, owner, epoch, now: clock.now() })) return "lost";
  return store.halted(record.loop) === null ? "clear" : "halted";
}

/** Asks the performer; what it throws at once is a rejection like any other. */
async function ask(hub: Hub, run: ActiveRun, call: RequestedCall, signal: AbortSignal): Promise<unknown> {
  const { id: runId } = run.record;
  return run.performers[call.name](call.input as never, {
    runId,
    signal,
    onOutput: (source, text) => hub.onOutput(runId, source, text),
  });
}

/**
 * Performs a call whose fold is committed; its answer, or what became of it, is folded later. A dispatch is refused
 * when the lease is lost, and counts as not applied while a halt is in force.
 */
export function perform(hub: Hub, run: ActiveRun, call: RequestedCall): void {
  const { name, input, callId } = call;
  // A pausing run starts nothing; only the attempt whose intent is written already must not be left behind unsent.
  if (run.pausing && name !== "execute") return;
  const look = name === "execute" ? lastLook(hub, run) : "clear";
  if (look === "lost") {
    release(hub, run, "lost");
    return;
  }
  const controller = new AbortController();
  run.pending.set(callId, { name, controller });
  const stamp = () => ({ ...stampOf(hub.clock), callId });
  const asked = look === "halted" ? Promise.resolve(haltedAnswer) : ask(hub, run, call, controller.signal);
  void asked
    .then((answer) => replyEvent(name, input, answer, stamp()))
    .catch((error: unknown) => brokenEvent(name, input, error, stamp()))
    .then((event) => {
      run.pending.delete(callId);
      enqueue(hub, run, { event: event as JournalEvent, call });
    });
}

/** Cancels the calls that the chart no longer awaits. */
export function cancelUnawaited({ pending }: ActiveRun, awaited: string | undefined): void {
  for (const [callId, { controller }] of pending) if (callId !== awaited) controller.abort();
}
