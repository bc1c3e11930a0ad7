import type { createInspector } from "@statelyai/inspect";
import type { JournalEvent, Origin } from "../../machines/events.ts";
import type { Machine, Snapshot } from "../host/fold.ts";

/** Where inspection events go: an inspector of `@statelyai/inspect`, or any part of it that takes these three. */
export type InspectorSink = Pick<ReturnType<typeof createInspector>, "actor" | "event" | "snapshot">;

/** Tells an inspector of a run as it would be told of a native actor, whose session is the run's id. */
export type Inspection = {
  begin(runId: string, machine: Machine, snapshot: Snapshot): void;
  row(runId: string, event: JournalEvent | Origin, snapshot: Snapshot): void;
};

const seen = ({ status, value, context, output }: Snapshot) => ({ status, value, context, output });

const silent: Inspection = { begin: () => {}, row: () => {} };

/** An inspector only watches: what it throws is its own affair and never the run's. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {}
}

export function createInspection(inspector: InspectorSink | undefined): Inspection {
  if (inspector === undefined) return silent;
  return {
    begin: (runId, machine, snapshot) =>
      quietly(() => {
        const actor = { sessionId: runId, send: () => {}, getSnapshot: () => snapshot, logic: machine };
        inspector.actor(actor, seen(snapshot));
      }),
    row: (runId, event, snapshot) =>
      quietly(() => {
        inspector.event(runId, event);
        inspector.snapshot(runId, seen(snapshot), { event });
      }),
  };
}
