import type { Draft } from "immer";
import type { LoopState } from "./state.ts";

type State = Draft<LoopState>;

/** A call starts: it gets the next number as its id, and its state a time-out. Times in milliseconds. */
export function openCall(state: State, { now, timeoutMs }: { now: number; timeoutMs: number }): void {
  state.calls += 1;
  state.call = { id: String(state.calls), openedAt: now };
  setTimer(state, { now, delayMs: timeoutMs });
}

/** A call ended, by reply, time-out or crash: its time is charged, at most up to its time-out. */
export function closeCall(state: State, { now }: { now: number }): void {
  if (state.call !== null) {
    const until = Math.min(now, state.dueAt ?? now);
    state.spent.activeMs += Math.max(0, Math.round(until - state.call.openedAt));
  }
  state.call = null;
  clearTimer(state, { now });
}

/** The state waits until `now + delayMs`. */
export function setTimer(state: State, { now, delayMs }: { now: number; delayMs: number }): void {
  state.setAt = now;
  state.dueAt = now + delayMs;
}

/** The state's timer came due, or its state was left. */
export function clearTimer(state: State, { now }: { now: number }): void {
  state.setAt = now;
  state.dueAt = null;
}
