import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaps, intersect, isEmpty, merge, overlaps } from '../src/intervals.js';

const span = (start, end) => ({ start, end });

test('calls an interval without length empty', () => {
  assert.equal(isEmpty(span(3, 3)), true);
  assert.equal(isEmpty(span(3, 4)), false);
});

test('sees an overlap', () => {
  assert.equal(overlaps(span(1, 4), span(3, 6)), true);
  assert.equal(overlaps(span(3, 6), span(1, 4)), true);
});

test('sees no overlap between neighbours', () => {
  assert.equal(overlaps(span(1, 3), span(3, 5)), false);
  assert.equal(overlaps(span(3, 5), span(1, 3)), false);
});

test('intersects intervals that overlap', () => {
  assert.deepEqual(intersect(span(1, 5), span(3, 8)), span(3, 5));
  assert.deepEqual(intersect(span(4, 9), span(2, 6)), span(4, 6));
});

test('intersects only what overlaps', () => {
  assert.deepEqual(intersect(span(1, 10), span(4, 6)), span(4, 6));
  assert.equal(intersect(span(1, 3), span(3, 5)), null);
  assert.equal(intersect(span(1, 2), span(5, 6)), null);
});

test('merges what overlaps or touches', () => {
  assert.deepEqual(merge([span(5, 8), span(1, 3), span(3, 4), span(6, 7)]), [span(1, 4), span(5, 8)]);
});

test('drops empty intervals', () => {
  assert.deepEqual(merge([span(2, 2), span(4, 5)]), [span(4, 5)]);
});

test('finds the gaps between busy times', () => {
  assert.deepEqual(gaps(span(8, 18), [span(12, 13), span(9, 10)]), [span(8, 9), span(10, 12), span(13, 18)]);
});

test('finds no gap in a full day', () => {
  assert.deepEqual(gaps(span(8, 18), [span(7, 12), span(12, 20)]), []);
});

test('ignores busy times outside the day', () => {
  assert.deepEqual(gaps(span(8, 18), [span(5, 7), span(18, 19)]), [span(8, 18)]);
});
