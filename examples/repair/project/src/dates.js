// Days are "YYYY-MM-DD" strings; inside, a day is a count since 1970-01-01.

const msPerDay = 86_400_000;

export const isLeapYear = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days in a month, 1 for January. */
export function daysInMonth(year, month) {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Reads a day and refuses one that is not in the calendar. */
export function parseDay(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) throw new SyntaxError(`not a day: ${text}`);
  const [year, month, day] = match.slice(1).map(Number);
  if (month < 1 || month > 12) throw new RangeError(`no such month: ${text}`);
  if (day < 1 || day > daysInMonth(year, month)) throw new RangeError(`no such day: ${text}`);
  return Date.UTC(year, month - 1, day) / msPerDay;
}

export const formatDay = (count) => new Date(count * msPerDay).toISOString().slice(0, 10);

export const addDays = (day, days) => formatDay(parseDay(day) + days);

/** Whole days from one day to a later one; negative if it is earlier. */
export const daysBetween = (from, to) => parseDay(to) - parseDay(from);

/** 1 for Monday to 7 for Sunday. */
export function weekday(day) {
  // 1970-01-01 was a Thursday.
  const offset = (parseDay(day) + 3) % 7;
  return (offset < 0 ? offset + 7 : offset) + 1;
}

/** The same day some months later, or the last day of that month if it is shorter. */
export function addMonths(day, months) {
  parseDay(day);
  const [year, month, date] = day.split('-').map(Number);
  const index = year * 12 + (month - 1) + months;
  const newYear = Math.floor(index / 12);
  const newMonth = (index % 12) + 1;
  const newDate = Math.min(date, daysInMonth(newYear, newMonth));
  return [String(newYear).padStart(4, '0'), String(newMonth).padStart(2, '0'), String(newDate).padStart(2, '0')].join('-');
}
