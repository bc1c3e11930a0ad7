import type { Clock } from "../base/clock.ts";

/** Waits until the signal aborts, and rejects with its reason: what answers never. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** Waits so long by a clock, whatever anybody says. */
export const after = (clock: Pick<Clock, "after">, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.after(delayMs, resolve));

/** Waits so long by a clock; when the signal aborts before, it rejects with its reason. */
export function unlessAborted(
  clock: Pick<Clock, "after">,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  let cancel = (): void => {};
  const waited = new Promise<void>((resolve) => {
    cancel = clock.after(delayMs, resolve);
  });
  return Promise.race([waited, untilAborted(signal)]).finally(() => cancel());
}
