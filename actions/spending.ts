import type { Draft } from "immer";
import type { LimitName, Raise, Usage } from "../guards/continue.ts";
import type { LoopState } from "./state.ts";

type State = Draft<LoopState>;
export type CountedName = Exclude<LimitName, "deadlineMs">;

/** Holds back the worst case of the turn about to start. */
export function reserve(state: State, { worst }: { worst: Usage | null }): void {
  state.reserved = worst ?? { tokens: 0, costMicroUsd: 0 };
}

/** Charges what a call used and frees the reservation; unknown usage is charged at the worst case. */
export function settleUsage(state: State, { usage }: { usage: Usage | null }): void {
  const charged = usage ?? state.reserved;
  state.spent.tokens += charged?.tokens ?? 0;
  state.spent.costMicroUsd += charged?.costMicroUsd ?? 0;
  state.reserved = null;
}

/** Adds one to a counted limit. */
export function spend(state: State, { name }: { name: CountedName }): void {
  state.spent[name] += 1;
}

/** Adds what a directive granted on top of the limits. */
export function raiseLimits(state: State, { raise }: { raise: Raise }): void {
  for (const [name, more] of Object.entries(raise) as [LimitName, number][]) {
    state.raised[name] = (state.raised[name] ?? 0) + more;
  }
}
