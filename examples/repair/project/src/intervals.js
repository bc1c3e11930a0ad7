// Half-open intervals of numbers: the start belongs to them, the end does not.

export const isEmpty = (interval) => interval.end <= interval.start;

export const overlaps = (a, b) => a.start < b.end && b.start < a.end;

/** What two intervals share, or null. */
export function intersect(a, b) {
  const shared = { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
  return isEmpty(shared) ? null : shared;
}

/** Joins intervals that overlap or touch; the result is sorted. */
export function merge(intervals) {
  const sorted = intervals.filter((interval) => !isEmpty(interval)).sort((a, b) => a.start - b.start);
  const merged = [];
  for (const { start, end } of sorted) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** The parts of `whole` that no busy interval covers. */
export function gaps(whole, busy) {
  const free = [];
  let at = whole.start;
  for (const { start, end } of merge(busy)) {
    if (start >= whole.end) break;
    if (start > at) free.push({ start: at, end: start });
    at = Math.max(at, start);
  }
  if (at < whole.end) free.push({ start: at, end: whole.end });
  return free;
}
