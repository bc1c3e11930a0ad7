import type { LoopState } from "../../actions/state.ts";
import type { Snapshot } from "../host/fold.ts";
import { stateName } from "../host/fold.ts";
import type { RunRecord, Store } from "../ports/store.ts";
import type { RunEnd } from "./types.ts";

/** The state and its reason, for a run that rests. */
function standing(state: string, context: LoopState): Pick<RunEnd, "status" | "reason" | "detail"> {
  const { outcome, escalation, approval, effect } = context;
  if (outcome !== null) return { status: outcome.status, reason: outcome.reason, detail: outcome.detail };
  if (state === "effect.awaitingApproval") {
    const tool = context.turn?.actions[context.cursor]?.tool ?? effect?.tool ?? "";
    return { status: "awaitingApproval", reason: tool, detail: approval?.effectKey ?? null };
  }
  const status = context.doubt === null ? "escalated" : "inDoubt";
  return { status, reason: escalation?.reason ?? "internal", detail: escalation?.detail ?? null };
}

/** How a run stands that has ended or is parked. */
export function endOf(store: Store, record: RunRecord, snapshot: Snapshot): RunEnd {
  const { context } = snapshot;
  const applied = store.effects(record.id).filter(({ status }) => status === "applied");
  return {
    runId: record.id,
    ...standing(stateName(snapshot.value), context),
    spent: context.spent,
    applied: applied.map(({ key, tool, result }) => ({
      key,
      tool,
      result: JSON.parse(result ?? "null") as unknown,
    })),
    doubt: context.doubt?.key ?? null,
  };
}

/** How a run stands that this process let go of while it was moving. */
export function releasedEnd(
  store: Store,
  record: RunRecord,
  snapshot: Snapshot,
  why: "interrupted" | "lost",
): RunEnd {
  const detail = why === "lost" ? "another process has taken the run over" : null;
  return { ...endOf(store, record, snapshot), status: why, reason: why, detail };
}
