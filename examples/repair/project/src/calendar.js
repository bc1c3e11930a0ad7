import { addDays, weekday } from './dates.js';

/** A business calendar: weekends and the given holidays are closed. */
export function createCalendar(holidays = []) {
  const closed = new Set(holidays);

  const isOpen = (day) => weekday(day) < 6 && !closed.has(day);

  /** The day itself if open, else the next open one. */
  const nextOpen = (day) => {
    let candidate = day;
    while (!isOpen(candidate)) candidate = addDays(candidate, 1);
    return candidate;
  };

  /** The open day that comes `count` open days after `day`. */
  const addOpenDays = (day, count) => {
    let current = nextOpen(day);
    for (let done = 0; done < count; done += 1) current = nextOpen(addDays(current, 1));
    return current;
  };

  /** Number of open days from `from` (included) to `to` (excluded). */
  const countOpen = (from, to) => {
    let count = 0;
    for (let day = from; day < to; day = addDays(day, 1)) {
      if (isOpen(day)) count += 1;
    }
    return count;
  };

  return { isOpen, nextOpen, addOpenDays, countOpen };
}
