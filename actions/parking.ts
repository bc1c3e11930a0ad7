import type { Draft } from "immer";
import type { EscalationReason } from "../guards/escalate.ts";
import { calmProgress } from "../guards/progress.ts";
import { initialRepetition } from "../guards/repetition.ts";
import { clearFailures } from "./effect.ts";
import type { LoopState } from "./state.ts";
import { tell } from "./turn.ts";

type State = Draft<LoopState>;

/** The run needs a person, for this reason. */
export function escalate(
  state: State,
  params: { reason: EscalationReason; detail: string | null; now: number },
): void {
  state.escalation = { reason: params.reason, detail: params.detail, at: params.now };
}

/** A question to people is open; asking parks the run, so what was verified before must be verified again. */
export function ask(state: State, params: { effectKey: string; now: number }): void {
  state.approval = { effectKey: params.effectKey, askedAt: params.now };
  state.spent.questions += 1;
  state.verdict = null;
}

export function closeQuestion(state: State): void {
  state.approval = null;
}

/** A person lets the run go on: the detectors start afresh, the instruction reaches the agent. */
export function resume(state: State, { say }: { say: string | null }): void {
  state.escalation = null;
  state.repetition = initialRepetition;
  state.progress = calmProgress(state.progress);
  clearFailures(state);
  if (say !== null) tell(state, { feedback: { kind: "instruction", text: say } });
}

/** A person settled the doubt. */
export function settle(state: State): void {
  state.escalation = null;
  state.doubt = null;
  clearFailures(state);
}

export function setHalted(state: State, { halted }: { halted: boolean }): void {
  state.halted = halted;
}

/** The run is to end as soon as nothing is in flight. */
export function requestAbort(state: State): void {
  state.abortRequested = true;
}
