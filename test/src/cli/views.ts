import type { JournalEvent } from "../../../machines/events.ts";
import { limitNames } from "../../../src/cli/limits.ts";
import { openView, type View } from "../../../src/cli/render/view.ts";
import type { RunEvent, RunStatusReport } from "../../../src/engine/types.ts";

const each = <Value>(value: Value) => Object.fromEntries(limitNames.map((name) => [name, value]));

/** The view of a run that has just started, with a hundred of everything. */
export const startView = (metric?: { name: string; direction?: string }): View =>
  openView({
    status: {
      runId: "7",
      loop: "counter",
      state: { name: "acting", since: 0 },
      mayDo: { call: "act" },
      budget: each({ limit: 100, spent: 0, remaining: 100, advisory: false }),
    } as unknown as RunStatusReport,
    metric,
  });

/** A journal row as the engine reports it. */
export const journaled = (
  event: JournalEvent,
  parts: Partial<Extract<RunEvent, { kind: "journal" }>> = {},
): RunEvent => ({
  kind: "journal",
  runId: "7",
  seq: 1,
  at: 1_000,
  event,
  state: "acting",
  remaining: each(100) as View["remaining"],
  call: "act",
  ...parts,
});
