import type { Draft } from "immer";
import type { LoopState, OutcomeReason } from "./state.ts";

/** The run is over: how, and why. What is in doubt stays in doubt. */
export function finish(
  state: Draft<LoopState>,
  params: { reason: OutcomeReason; detail: string | null; now: number },
): void {
  const succeeded = params.reason === "goal" || params.reason === "answered";
  state.outcome = {
    status: succeeded ? "succeeded" : "stopped",
    reason: params.reason,
    detail: params.detail,
    at: params.now,
  };
}
