import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRule } from '../src/rule.js';

const holds = (rule, facts) => compileRule(rule)(facts);

test('compares numbers', () => {
  assert.deepEqual([9, 10, 11].map((quantity) => holds('quantity >= 10', { quantity })), [false, true, true]);
  assert.deepEqual([9, 10, 11].map((quantity) => holds('quantity < 10', { quantity })), [true, false, false]);
});

test('compares text', () => {
  assert.equal(holds("region = 'islands'", { region: 'islands' }), true);
  assert.equal(holds("region != 'islands'", { region: 'islands' }), false);
});

test('takes a bare name as yes or no', () => {
  assert.equal(holds('member', { member: 1 }), true);
  assert.equal(holds('member', {}), false);
});

test('joins with and, or', () => {
  assert.equal(holds('a and b', { a: true, b: false }), false);
  assert.equal(holds('a or b', { a: true, b: false }), true);
});

test('binds and closer than or', () => {
  assert.equal(holds('a or b and c', { a: true, b: false, c: false }), true);
  assert.equal(holds('a and b or c', { a: false, b: false, c: true }), true);
});

test('negates and groups', () => {
  assert.equal(holds('not (a or b)', { a: false, b: false }), true);
  assert.equal(holds('not a or b', { a: false, b: true }), true);
});

test('does not take text for a keyword', () => {
  assert.equal(holds("a = 'and' and b", { a: 'and', b: true }), true);
});

test('refuses rules that end early or go on too long', () => {
  assert.throws(() => compileRule('a >'), /ends too early/);
  assert.throws(() => compileRule('(a'), /bracket/);
  assert.throws(() => compileRule('a b'), /unexpected b/);
});
