import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "../../../src/base/system-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 24 * 60 * 60_000;

it("waits longer than 24 days without firing at once", () => {
  const callback = vi.fn();
  systemClock.after(60 * day, callback);
  vi.advanceTimersByTime(60 * day - 1);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
});

it("can be cancelled, also after the first piece of a long wait", () => {
  const callback = vi.fn();
  const cancel = systemClock.after(60 * day, callback);
  vi.advanceTimersByTime(30 * day);
  cancel();
  vi.advanceTimersByTime(60 * day);
  expect(callback).not.toHaveBeenCalled();
});

it("makes distinct ids that sort by time", () => {
  const first = systemClock.id();
  expect(systemClock.id()).not.toBe(first);
  vi.advanceTimersByTime(1_000);
  expect(systemClock.id() > first).toBe(true);
});

it("gives chances in [0, 1)", () => {
  for (let i = 0; i < 100; i += 1) expect(systemClock.random()).toBeLessThan(1);
});
