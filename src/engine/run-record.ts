import { type ErrorCode, LoopwrightError } from "../base/errors.ts";
import type { RunRecord, Store } from "../ports/store.ts";

/** An error about one run. */
export const runError = (
  runId: string,
  message: string,
  fix: string,
  code: Extract<ErrorCode, "run" | "busy"> = "run",
): LoopwrightError => new LoopwrightError({ code, field: runId, message, fix });

/** The record of a run; refuses an id that the store does not know. */
export function recordOf({ store }: { store: Store }, runId: string): RunRecord {
  const record = store.run(runId);
  if (record !== null) return record;
  throw runError(
    runId,
    `there is no run ${runId} in ${store.location}`,
    "see all runs with: loopwright list",
  );
}

/** Of a run whose chart a machine elsewhere moves, the engine keeps the ledger and nothing more. */
export const nativeState = "native";

/** The record of a run that this engine can move; refuses one that is embedded elsewhere. */
export function movableRecord(core: { store: Store }, runId: string): RunRecord {
  const record = recordOf(core, runId);
  if (record.state !== nativeState) return record;
  throw runError(
    runId,
    `run ${runId} is moved by an embedded machine, not by an engine`,
    "ask and steer it where that machine runs; its journal and ledger are here",
  );
}
