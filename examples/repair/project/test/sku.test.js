import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDigit, formatSku, parseSku } from '../src/sku.js';

test('computes the check digit', () => {
  assert.equal(checkDigit('TEA0042'), 2);
  assert.equal(checkDigit('AA0006'), 8);
});

test('has no check digit of ten', () => {
  assert.equal(checkDigit('AA0002'), 0);
  assert.equal(checkDigit('CUP1234'), 0);
});

test('reads an article number', () => {
  assert.deepEqual(parseSku('TEA0042-2'), { family: 'TEA', number: 42 });
});

test('refuses a wrong check digit', () => {
  assert.equal(parseSku('TEA0042-5'), null);
  assert.equal(parseSku('TEA0024-2'), null);
});

test('refuses a wrong shape', () => {
  for (const text of ['T0042-2', 'TEA42-2', 'tea0042-2', 'TEA0042']) assert.equal(parseSku(text), null);
});

test('writes an article number', () => {
  assert.equal(formatSku('TEA', 42), 'TEA0042-2');
  assert.deepEqual(parseSku(formatSku('CUP', 7)), { family: 'CUP', number: 7 });
});
