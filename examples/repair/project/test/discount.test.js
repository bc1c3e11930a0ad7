import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestCoupon, couponValue, tierPercent } from '../src/discount.js';

const tiers = [{ from: 50, percent: 10 }, { from: 10, percent: 5 }];

test('gives no discount below the first tier', () => {
  assert.equal(tierPercent(tiers, 9), 0);
  assert.equal(tierPercent([], 100), 0);
});

test('gives a tier from its first piece', () => {
  assert.equal(tierPercent(tiers, 10), 5);
  assert.equal(tierPercent(tiers, 50), 10);
});

test('gives the highest tier that is reached', () => {
  assert.equal(tierPercent(tiers, 49), 5);
  assert.equal(tierPercent(tiers, 80), 10);
});

test('takes a percentage off', () => {
  assert.equal(couponValue({ kind: 'percent', value: 15 }, 2000), 300);
});

test('takes a fixed value off, but never more than there is', () => {
  assert.equal(couponValue({ kind: 'fixed', value: 500 }, 2000), 500);
  assert.equal(couponValue({ kind: 'fixed', value: 500 }, 300), 300);
});

test('keeps within the cap', () => {
  assert.equal(couponValue({ kind: 'percent', value: 50, cap: 400 }, 2000), 400);
});

test('asks for the minimum', () => {
  const coupon = { kind: 'fixed', value: 500, minimum: 1000 };
  assert.equal(couponValue(coupon, 999), 0);
  assert.equal(couponValue(coupon, 1000), 500);
});

test('takes the better coupon', () => {
  const coupons = [{ code: 'A', kind: 'fixed', value: 300 }, { code: 'B', kind: 'percent', value: 20 }];
  assert.deepEqual(bestCoupon(coupons, 1000, '2024-05-01'), { code: 'A', value: 300 });
  assert.deepEqual(bestCoupon(coupons, 2000, '2024-05-01'), { code: 'B', value: 400 });
});

test('takes the first of equal coupons', () => {
  const coupons = [{ code: 'A', kind: 'fixed', value: 200 }, { code: 'B', kind: 'percent', value: 20 }];
  assert.equal(bestCoupon(coupons, 1000, '2024-05-01').code, 'A');
});

test('looks at the days a coupon is good for', () => {
  const coupons = [{ code: 'A', kind: 'fixed', value: 300, from: '2024-05-02', until: '2024-05-03' }];
  const codeOn = (day) => bestCoupon(coupons, 1000, day)?.code ?? null;
  assert.deepEqual(['2024-05-01', '2024-05-02', '2024-05-03', '2024-05-04'].map(codeOn), [null, 'A', 'A', null]);
});

test('finds no coupon that takes nothing off', () => {
  assert.equal(bestCoupon([{ code: 'A', kind: 'fixed', value: 300, minimum: 5000 }], 1000, '2024-05-01'), null);
});
