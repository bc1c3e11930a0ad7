import { timerMsMax } from "../base/limits.ts";

/** Calls back once after `delayMs`, however long (a single `setTimeout` beyond 2^31-1 ms fires at once). Returns what cancels it. */
export function startTimer(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, timerMsMax);
    timer = setTimeout(() => (stepMs < leftMs ? arm(leftMs - stepMs) : callback()), stepMs);
  };
  arm(delayMs);
  return () => clearTimeout(timer);
}
