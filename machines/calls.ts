import type { Action, Feedback, Json, Turn } from "../actions/state.ts";
import type { LimitName } from "../guards/continue.ts";
import type { VerifyPurpose } from "./events.ts";

/** Inputs of the calls that the machine asks the host to perform. `callId` is echoed in the reply. */
export type ActInput = {
  callId: string;
  step: number;
  remaining: Record<LimitName | "actionsPerTurn", number>;
  /** The tree to put the workspace at before the agent starts; `null`: leave it as it is. */
  start: string | null;
  memory: string | null;
  feedback: readonly Feedback[];
};

export type VerifyInput = {
  callId: string;
  step: number;
  purpose: VerifyPurpose /** `null` for the baseline. */;
  turn: Turn | null;
};

type EffectInput = { callId: string; key: string; step: number; index: number; action: Action };

export type AssessInput = EffectInput;
export type ObserveInput = EffectInput & { tree: string | null };
export type ExecuteInput = EffectInput & {
  attempt: number;
  /** The tree that was verified with this action. */
  tree: string | null;
  /** Ids of the grants that the intent uses. */
  grants: readonly string[];
};
export type ReconcileInput = EffectInput & { attempt: number; tree: string | null };
export type ConfirmInput = EffectInput & { attempt: number; tree: string | null; result: Json };
