import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pack, shippingPrice } from '../src/shipping.js';

const price = (grams, zone = 'near') => shippingPrice({ grams, zone, goods: 1000 });

test('prices light parcels by band', () => {
  assert.equal(price(200), 780);
  assert.equal(price(1_500), 1180);
});

test('holds a band to its last gram', () => {
  assert.equal(price(500), 780);
  assert.equal(price(501), 1180);
  assert.equal(price(10_000), 1980);
});

test('charges each kilogram begun beyond the last band', () => {
  assert.equal(price(10_001), 2140);
  assert.equal(price(12_500), 2460);
});

test('charges more for a zone further away', () => {
  assert.equal(price(500, 'home'), 390);
  assert.equal(price(500, 'far'), 1560);
});

test('ships for free at home from fifty', () => {
  assert.equal(shippingPrice({ grams: 500, zone: 'home', goods: 5_000 }), 0);
  assert.equal(shippingPrice({ grams: 500, zone: 'home', goods: 4_999 }), 390);
  assert.equal(shippingPrice({ grams: 500, zone: 'near', goods: 9_000 }), 780);
});

test('refuses an unknown zone', () => {
  assert.throws(() => price(100, 'moon'), /unknown zone: moon/);
});

test('packs the heaviest first', () => {
  assert.deepEqual(pack([2, 7, 3, 5], 10).map((parcel) => parcel.items), [[7, 3], [5, 2]]);
});

test('packs up to the limit', () => {
  assert.deepEqual(pack([6, 4, 1], 10), [{ items: [6, 4], total: 10 }, { items: [1], total: 1 }]);
});

test('refuses what no parcel can hold', () => {
  assert.throws(() => pack([11], 10), /too heavy/);
  assert.equal(pack([10], 10).length, 1);
});
