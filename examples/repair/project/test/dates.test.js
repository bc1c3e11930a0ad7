import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, addMonths, daysBetween, daysInMonth, formatDay, isLeapYear, parseDay, weekday } from '../src/dates.js';

test('knows leap years', () => {
  assert.deepEqual([2024, 2023, 1900, 2000].map(isLeapYear), [true, false, false, true]);
});

test('knows the length of months', () => {
  assert.equal(daysInMonth(2024, 2), 29);
  assert.equal(daysInMonth(2023, 2), 28);
  assert.equal(daysInMonth(2023, 11), 30);
  assert.equal(daysInMonth(2023, 12), 31);
});

test('reads and writes days', () => {
  assert.equal(parseDay('1970-01-02'), 1);
  assert.equal(formatDay(parseDay('2024-02-29')), '2024-02-29');
});

test('refuses days that are not in the calendar', () => {
  for (const day of ['2023-02-29', '2023-04-31', '2023-01-00', '2023-13-01', '2023-00-10']) {
    assert.throws(() => parseDay(day), RangeError);
  }
  assert.throws(() => parseDay('1.2.2023'), SyntaxError);
});

test('adds days over the end of a month and a year', () => {
  assert.equal(addDays('2024-02-28', 2), '2024-03-01');
  assert.equal(addDays('2024-01-01', -1), '2023-12-31');
});

test('counts the days between two days', () => {
  assert.equal(daysBetween('2024-02-01', '2024-03-01'), 29);
  assert.equal(daysBetween('2024-03-01', '2024-02-01'), -29);
});

test('names weekdays from Monday to Sunday', () => {
  assert.equal(weekday('1970-01-01'), 4);
  assert.equal(weekday('2024-05-06'), 1);
  assert.equal(weekday('2024-05-12'), 7);
});

test('names weekdays before 1970', () => {
  assert.equal(weekday('1969-12-31'), 3);
  assert.equal(weekday('1969-12-28'), 7);
});

test('adds months over the end of a year', () => {
  assert.equal(addMonths('2023-11-15', 3), '2024-02-15');
  assert.equal(addMonths('2024-12-01', 0), '2024-12-01');
  assert.equal(addMonths('2024-01-31', -1), '2023-12-31');
});

test('keeps within shorter months', () => {
  assert.equal(addMonths('2024-01-31', 1), '2024-02-29');
  assert.equal(addMonths('2024-05-31', 1), '2024-06-30');
});
