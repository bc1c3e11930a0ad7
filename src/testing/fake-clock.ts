import type { Clock } from "../base/clock.ts";

type Alarm = { dueAt: number; callback: () => void };

/** A clock that a test moves. */
export type FakeClock = Clock & {
  /** Lets time pass: what comes due on the way is called back, in order, at its time. */
  advance(ms: number): void;
  /** Sets the time, also back, without calling anybody. */
  set(now: number): void;
  /** Delays in milliseconds of what waits now. */
  waiting(): number[];
};

/** A clock that stands still until a test moves it. Chance is always one half, ids are counted. Default start: 1,000,000 ms. */
export function fakeClock(start = 1_000_000): FakeClock {
  const alarms = new Set<Alarm>();
  let now = start;
  let ids = 0;

  const nextBy = (end: number): Alarm | undefined =>
    [...alarms].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];

  return {
    now: () => now,
    random: () => 0.5,
    id: () => `id-${++ids}`,
    after(delayMs, callback) {
      const alarm = { dueAt: now + Math.max(0, delayMs), callback };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    advance(ms) {
      const end = now + ms;
      for (let alarm = nextBy(end); alarm !== undefined; alarm = nextBy(end)) {
        alarms.delete(alarm);
        now = Math.max(now, alarm.dueAt);
        alarm.callback();
      }
      now = end;
    },
    set(time) {
      now = time;
    },
    waiting: () => [...alarms].map(({ dueAt }) => dueAt - now),
  };
}
