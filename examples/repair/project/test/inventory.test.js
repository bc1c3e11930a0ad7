import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInventory } from '../src/inventory.js';

const stocked = (quantity = 10) => {
  const inventory = createInventory();
  inventory.receive('TEA', quantity);
  return inventory;
};

test('receives goods', () => {
  const inventory = stocked(4);
  inventory.receive('TEA', 3);
  assert.equal(inventory.available('TEA'), 7);
});

test('refuses to receive nothing', () => {
  assert.throws(() => stocked(0), RangeError);
});

test('refuses an article it does not know', () => {
  assert.throws(() => stocked().available('CUP'), /unknown article: CUP/);
});

test('reserves down to the last piece', () => {
  const inventory = stocked();
  assert.equal(inventory.reserve('TEA', 10), true);
  assert.equal(inventory.available('TEA'), 0);
});

test('reserves nothing that is not there', () => {
  const inventory = stocked();
  assert.equal(inventory.reserve('TEA', 11), false);
  assert.equal(inventory.available('TEA'), 10);
});

test('refuses to reserve nothing', () => {
  assert.throws(() => stocked().reserve('TEA', 0), RangeError);
});

test('releases what was reserved', () => {
  const inventory = stocked();
  inventory.reserve('TEA', 6);
  inventory.release('TEA', 2);
  assert.equal(inventory.available('TEA'), 6);
});

test('refuses to release more than was reserved', () => {
  const inventory = stocked();
  inventory.reserve('TEA', 2);
  assert.throws(() => inventory.release('TEA', 3), RangeError);
  assert.equal(inventory.available('TEA'), 8);
});

test('refuses to release nothing or less', () => {
  const inventory = stocked();
  assert.throws(() => inventory.release('TEA', 0), RangeError);
  assert.throws(() => inventory.release('TEA', -1), RangeError);
});

test('ships what was reserved', () => {
  const inventory = stocked();
  inventory.reserve('TEA', 4);
  inventory.ship('TEA', 3);
  assert.equal(inventory.available('TEA'), 6);
  assert.throws(() => inventory.ship('TEA', 2), RangeError);
});

test('lists what runs short', () => {
  const inventory = stocked(10);
  inventory.receive('CUP', 4);
  inventory.receive('ALE', 3);
  inventory.reserve('TEA', 7);
  assert.deepEqual(inventory.toReorder(4), ['ALE', 'TEA']);
});
