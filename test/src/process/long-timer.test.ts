import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { timerMsMax } from "../../../src/base/limits.ts";
import { startTimer } from "../../../src/process/long-timer.ts";

describe("startTimer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("calls back once after the delay", () => {
    const callback = vi.fn();
    startTimer(1_000, callback);
    vi.advanceTimersByTime(999);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("waits out a delay that one timer cannot hold", () => {
    const callback = vi.fn();
    startTimer(timerMsMax * 2 + 500, callback);
    vi.advanceTimersByTime(timerMsMax * 2 + 499);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("is cancelled in any of its stretches", () => {
    const callback = vi.fn();
    const cancel = startTimer(timerMsMax + 500, callback);
    vi.advanceTimersByTime(timerMsMax + 100);
    cancel();
    vi.advanceTimersByTime(1_000);
    expect(callback).not.toHaveBeenCalled();
  });

  it("never fires for an endless delay", () => {
    const callback = vi.fn();
    startTimer(Number.POSITIVE_INFINITY, callback);
    vi.advanceTimersByTime(timerMsMax + 1);
    expect(callback).not.toHaveBeenCalled();
  });
});
