import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenRule, deliveryDay, priceOrder } from '../src/order.js';

const tea = { price: 450, quantity: 4, grams: 250 };
const mugs = { price: 1200, quantity: 10, grams: 400 };
const book = { price: 2000, quantity: 1, grams: 700, reduced: true };
const order = (lines, more = {}) => ({ lines, region: 'standard', zone: 'near', day: '2024-05-02', ...more });

test('prices goods, tax and shipping', () => {
  assert.deepEqual(priceOrder(order([tea])), { goods: 1800, coupon: null, net: 1800, tax: 360, shipping: 1180, total: 3340 });
});

test('gives the tier of each line', () => {
  const { goods } = priceOrder(order([tea, mugs]), { tiers: [{ from: 10, percent: 10 }] });
  assert.equal(goods, 12600);
});

test('taxes lines at their own rate', () => {
  assert.equal(priceOrder(order([tea, book])).tax, 560);
});

test('takes a coupon off before tax', () => {
  const coupons = [{ code: 'MAY', kind: 'fixed', value: 300 }];
  const { coupon, net, tax } = priceOrder(order([tea]), { coupons });
  assert.deepEqual({ coupon, net, tax }, { coupon: 'MAY', net: 1500, tax: 300 });
});

test('spreads a coupon over lines of different rates', () => {
  const coupons = [{ code: 'TEN', kind: 'percent', value: 10 }];
  const { net, tax } = priceOrder(order([{ ...book, reduced: false }, book]), { coupons });
  assert.deepEqual({ net, tax }, { net: 3600, tax: 540 });
});

test('ships large orders at home for free', () => {
  assert.equal(priceOrder(order([mugs], { zone: 'home' })).shipping, 0);
});

test('prices an empty order', () => {
  assert.equal(priceOrder(order([], { zone: 'home' })).goods, 0);
});

test('names the first rule an order breaks', () => {
  const rules = [
    { name: 'minimum', when: 'goods >= 1000' },
    { name: 'no export of tea', when: "not (region = 'export' and family = 'TEA')" },
  ];
  assert.equal(brokenRule({ goods: 500, region: 'export', family: 'TEA' }, rules), 'minimum');
  assert.equal(brokenRule({ goods: 5000, region: 'export', family: 'TEA' }, rules), 'no export of tea');
  assert.equal(brokenRule({ goods: 5000, region: 'islands', family: 'TEA' }, rules), null);
});

test('delivers the next business day at home', () => {
  assert.equal(deliveryDay({ day: '2024-05-02', hour: 9, zone: 'home' }), '2024-05-03');
});

test('leaves a day later after noon', () => {
  assert.equal(deliveryDay({ day: '2024-05-02', hour: 12, zone: 'home' }), '2024-05-06');
});

test('does not travel on holidays', () => {
  assert.equal(deliveryDay({ day: '2024-04-29', hour: 9, zone: 'near' }, ['2024-05-01']), '2024-05-03');
});
