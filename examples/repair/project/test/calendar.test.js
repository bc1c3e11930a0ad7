import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalendar } from '../src/calendar.js';

const calendar = createCalendar(['2024-05-01', '2024-05-09']);

test('is closed on weekends', () => {
  assert.equal(calendar.isOpen('2024-05-03'), true);
  assert.equal(calendar.isOpen('2024-05-04'), false);
  assert.equal(calendar.isOpen('2024-05-05'), false);
});

test('is closed on holidays', () => {
  assert.equal(calendar.isOpen('2024-05-01'), false);
  assert.equal(calendar.isOpen('2024-05-02'), true);
});

test('finds the next open day', () => {
  assert.equal(calendar.nextOpen('2024-05-04'), '2024-05-06');
  assert.equal(calendar.nextOpen('2024-05-02'), '2024-05-02');
});

test('adds open days over weekends and holidays', () => {
  assert.equal(calendar.addOpenDays('2024-05-08', 1), '2024-05-10');
  assert.equal(calendar.addOpenDays('2024-05-08', 2), '2024-05-13');
});

test('starts counting at the next open day', () => {
  assert.equal(calendar.addOpenDays('2024-05-04', 0), '2024-05-06');
});

test('counts open days', () => {
  assert.equal(calendar.countOpen('2024-05-01', '2024-05-13'), 6);
  assert.equal(calendar.countOpen('2024-05-02', '2024-05-02'), 0);
});
