import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taxInGross, taxOnNet, taxRate, taxSummary } from '../src/tax.js';

test('knows the rates of regions', () => {
  assert.equal(taxRate('standard'), 20);
  assert.equal(taxRate('islands'), 7);
  assert.equal(taxRate('export'), 0);
});

test('knows reduced rates', () => {
  assert.equal(taxRate('standard', true), 10);
  assert.equal(taxRate('islands', true), 3);
});

test('takes the standard rate for other regions', () => {
  assert.equal(taxRate('elsewhere'), 20);
});

test('adds tax to a net amount', () => {
  assert.equal(taxOnNet(1000, 20), 200);
  assert.equal(taxOnNet(333, 7), 23);
});

test('finds the tax in a gross amount', () => {
  assert.equal(taxInGross(1200, 20), 200);
  assert.equal(taxInGross(1000, 7), 65);
  assert.equal(taxInGross(1000, 0), 0);
});

test('sums lines of one rate before rounding', () => {
  assert.deepEqual(taxSummary([{ net: 33, rate: 7 }, { net: 33, rate: 7 }]), { net: 66, tax: 5, gross: 71 });
});

test('sums lines of different rates', () => {
  assert.deepEqual(taxSummary([{ net: 1000, rate: 20 }, { net: 500, rate: 10 }]), { net: 1500, tax: 250, gross: 1750 });
});
