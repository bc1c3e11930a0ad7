import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageWindow, paginate } from '../src/page.js';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

test('gives the first page', () => {
  assert.deepEqual(paginate(letters, 1, 3).items, ['a', 'b', 'c']);
});

test('gives a page in the middle', () => {
  assert.deepEqual(paginate(letters, 2, 3).items, ['d', 'e', 'f']);
});

test('gives all pages together', () => {
  assert.deepEqual([1, 2, 3].flatMap((page) => paginate(letters, page, 3).items), letters);
});

test('counts pages', () => {
  assert.equal(paginate(letters, 1, 3).pages, 3);
  assert.equal(paginate(letters, 1, 7).pages, 1);
  assert.equal(paginate([], 1, 3).pages, 1);
});

test('says what comes before and after', () => {
  const ends = (page) => [paginate(letters, page, 3).hasPrevious, paginate(letters, page, 3).hasNext];
  assert.deepEqual([1, 2, 3].map(ends), [[false, true], [true, true], [true, false]]);
});

test('offers pages around the current one', () => {
  assert.deepEqual(pageWindow(5, 9, 3), [4, 5, 6]);
});

test('offers no pages outside the list', () => {
  assert.deepEqual(pageWindow(1, 9, 3), [1, 2, 3]);
  assert.deepEqual(pageWindow(9, 9, 3), [7, 8, 9]);
  assert.deepEqual(pageWindow(2, 2, 5), [1, 2]);
});
