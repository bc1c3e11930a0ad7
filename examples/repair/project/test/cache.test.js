import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCache } from '../src/cache.js';

const filled = (limit, ...keys) => {
  const cache = createCache(limit);
  for (const key of keys) cache.set(key, key.toUpperCase());
  return cache;
};

test('keeps what fits', () => {
  assert.deepEqual(filled(2, 'a', 'b').keys(), ['a', 'b']);
});

test('forgets the oldest', () => {
  const cache = filled(2, 'a', 'b', 'c');
  assert.equal(cache.get('a'), undefined);
  assert.equal(cache.get('c'), 'C');
});

test('keeps what was used', () => {
  const cache = filled(2, 'a', 'b');
  cache.get('a');
  cache.set('c', 'C');
  assert.deepEqual(cache.keys(), ['a', 'c']);
});

test('keeps what was written again', () => {
  const cache = filled(2, 'a', 'b', 'a', 'c');
  assert.deepEqual(cache.keys(), ['a', 'c']);
});

test('computes a value once', () => {
  const cache = createCache(2);
  let calls = 0;
  const square = (number) => {
    calls += 1;
    return number * number;
  };
  assert.deepEqual([cache.through(3, square), cache.through(3, square)], [9, 9]);
  assert.equal(calls, 1);
});

test('refuses to hold nothing', () => {
  assert.throws(() => createCache(0), RangeError);
});
