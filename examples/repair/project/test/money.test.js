import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate, formatMoney, parseMoney, roundHalfEven } from '../src/money.js';

test('reads whole and broken amounts', () => {
  assert.equal(parseMoney('12'), 1200);
  assert.equal(parseMoney('12.5'), 1250);
  assert.equal(parseMoney(' 0.07 '), 7);
});

test('reads negative amounts', () => {
  assert.equal(parseMoney('-3.20'), -320);
  assert.equal(parseMoney('-0'), 0);
});

test('refuses what is not an amount', () => {
  for (const text of ['', 'abc', '1.234', '1,5', '.5']) assert.throws(() => parseMoney(text), SyntaxError);
});

test('writes amounts with two decimals', () => {
  assert.equal(formatMoney(5), '0.05');
  assert.equal(formatMoney(1250), '12.50');
});

test('writes thousands with commas', () => {
  assert.equal(formatMoney(123456789), '1,234,567.89');
  assert.equal(formatMoney(-100000), '-1,000.00');
});

test('rounds to the nearest cent', () => {
  assert.equal(roundHalfEven(2.4), 2);
  assert.equal(roundHalfEven(2.6), 3);
  assert.equal(roundHalfEven(-2.6), -3);
});

test('rounds halves to the even neighbour', () => {
  assert.deepEqual([0.5, 1.5, 2.5, 3.5].map(roundHalfEven), [0, 2, 2, 4]);
});

test('allocates by weight without losing a cent', () => {
  assert.deepEqual(allocate(100, [1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(allocate(1001, [3, 1]), [751, 250]);
});

test('allocates nothing to a weight of zero', () => {
  assert.deepEqual(allocate(10, [1, 0]), [10, 0]);
});

test('refuses to allocate without weights', () => {
  assert.throws(() => allocate(10, []), RangeError);
  assert.throws(() => allocate(10, [0, 0]), RangeError);
});
