import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenize } from '../src/tokenizer.js';

const values = (text) => tokenize(text).map((token) => token.value);
const types = (text) => tokenize(text).map((token) => token.type);

test('reads names, signs and numbers', () => {
  assert.deepEqual(values('quantity >= 10'), ['quantity', '>=', 10]);
  assert.deepEqual(types('quantity >= 10'), ['name', 'sign', 'number']);
});

test('reads numbers with a fraction', () => {
  assert.deepEqual(values('2.75 = x9'), [2.75, '=', 'x9']);
});

test('reads text in quotes', () => {
  assert.deepEqual(tokenize("'two words'"), [{ type: 'text', value: 'two words' }]);
});

test('reads keywords', () => {
  assert.deepEqual(types('not a and b or c'), ['keyword', 'name', 'keyword', 'name', 'keyword', 'name']);
});

test('needs no blanks', () => {
  assert.deepEqual(values("(a<=1)and b!='x'"), ['(', 'a', '<=', 1, ')', 'and', 'b', '!=', 'x']);
});

test('refuses other signs', () => {
  assert.throws(() => tokenize('a ? b'), /unexpected \? at 2/);
});

test('refuses text without end', () => {
  assert.throws(() => tokenize("a = 'b"), /text without end at 4/);
});
