import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv, parseCsv, parseRecords } from '../src/csv.js';

test('reads rows and fields', () => {
  assert.deepEqual(parseCsv('a,b\n1,2\n'), [['a', 'b'], ['1', '2']]);
});

test('reads a last row without a line break', () => {
  assert.deepEqual(parseCsv('a,b\r\n1,'), [['a', 'b'], ['1', '']]);
});

test('reads quoted commas and line breaks', () => {
  assert.deepEqual(parseCsv('"a,b","c\nd"\n'), [['a,b', 'c\nd']]);
});

test('reads doubled quotes', () => {
  assert.deepEqual(parseCsv('"say ""hi""",x\n'), [['say "hi"', 'x']]);
});

test('reads nothing from an empty text', () => {
  assert.deepEqual(parseCsv(''), []);
});

test('names fields by the header', () => {
  assert.deepEqual(parseRecords('sku,stock\nTEA,4\nCUP,7\n'), [{ sku: 'TEA', stock: '4' }, { sku: 'CUP', stock: '7' }]);
});

test('fills fields that a short row lacks', () => {
  assert.deepEqual(parseRecords('sku,stock\nTEA\n'), [{ sku: 'TEA', stock: '' }]);
});

test('writes what it can read again', () => {
  const rows = [['plain', 'with,comma'], ['"quoted"', 'two\nlines']];
  assert.equal(formatCsv([['a', 'b,c']]), 'a,"b,c"\n');
  assert.deepEqual(parseCsv(formatCsv(rows)), rows);
});
