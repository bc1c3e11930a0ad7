import { LoopState } from "../../actions/state.ts";
import type { Fold, Snapshot } from "../host/fold.ts";
import type { RunRecord, Store } from "../ports/store.ts";
import { runError } from "./run-record.ts";

/** What the store keeps of a run, as the present chart reads it. */

const unreadable = ({ id }: RunRecord, cause: unknown) => {
  const error = runError(
    id,
    `what is stored of run ${id} does not fit this chart`,
    "check it with: loopwright verify-log; after an upgrade go on with: loopwright resume --accept-change",
  );
  error.cause = cause;
  return error;
};

/** The stored snapshot; refuses one that this chart cannot read. */
export function storedSnapshot(store: Store, record: RunRecord, fold: Fold): Snapshot {
  try {
    return fold.read(store.snapshot(record.id)!);
  } catch (error) {
    throw unreadable(record, error);
  }
}

/** The stored memory of a run; refuses one of another shape. */
export function storedMemory(store: Store, record: RunRecord): LoopState {
  try {
    return LoopState.parse((JSON.parse(store.snapshot(record.id)!) as { context: unknown }).context);
  } catch (error) {
    throw unreadable(record, error);
  }
}
