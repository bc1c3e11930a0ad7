import { roundHalfEven } from './money.js';

/** The percentage for a quantity: that of the highest tier it reaches. Tiers are `{ from, percent }`. */
export function tierPercent(tiers, quantity) {
  let percent = 0;
  let reached = 0;
  for (const tier of tiers) {
    if (quantity > tier.from && tier.from >= reached) {
      percent = tier.percent;
      reached = tier.from;
    }
  }
  return percent;
}

/** What a coupon takes off an amount, never more than the amount or the coupon's cap. */
export function couponValue(coupon, cents) {
  if (cents < (coupon.minimum ?? 0)) return 0;
  const value = coupon.kind === 'percent' ? roundHalfEven((cents * coupon.value) / 100) : coupon.value;
  return Math.min(value, cents, coupon.cap ?? Infinity);
}

const isUsable = (coupon, day) => (!coupon.from || day >= coupon.from) && (!coupon.until || day <= coupon.until);

/** The coupon that takes off the most on a day, or null. The first of equals wins. */
export function bestCoupon(coupons, cents, day) {
  let best = null;
  for (const coupon of coupons) {
    if (!isUsable(coupon, day)) continue;
    const value = couponValue(coupon, cents);
    if (value > 0 && (best === null || value > best.value)) best = { code: coupon.code, value };
  }
  return best;
}
