import { createCalendar } from './calendar.js';
import { bestCoupon, tierPercent } from './discount.js';
import { allocate, roundHalfEven } from './money.js';
import { compileRule } from './rule.js';
import { shippingPrice } from './shipping.js';
import { taxRate, taxSummary } from './tax.js';

const netOf = (line, tiers) => {
  const full = line.price * line.quantity;
  return full - roundHalfEven((full * tierPercent(tiers, line.quantity)) / 100);
};

/** Prices an order: tiers per line, one coupon over all lines, tax per rate, shipping on top. */
export function priceOrder({ lines, region, zone, day }, { tiers = [], coupons = [] } = {}) {
  const nets = lines.map((line) => netOf(line, tiers));
  const goods = nets.reduce((sum, net) => sum + net, 0);
  const coupon = bestCoupon(coupons, goods, day);
  const off = coupon && goods > 0 ? allocate(coupon.value, nets) : nets.map(() => 0);
  const taxed = lines.map((line, index) => ({ net: nets[index] - off[index], rate: taxRate(region, line.reduced) }));
  const { net, tax, gross } = taxSummary(taxed);
  const grams = lines.reduce((sum, line) => sum + line.grams * line.quantity, 0);
  const shipping = shippingPrice({ grams, zone, goods: net });
  return { goods, coupon: coupon?.code ?? null, net, tax, shipping, total: gross + shipping };
}

/** The first rule that an order breaks, by name, or null. Rules are `{ name, when }`. */
export function brokenRule(facts, rules) {
  const broken = rules.find((rule) => !compileRule(rule.when)(facts));
  return broken?.name ?? null;
}

const daysByZone = { home: 1, near: 3, far: 7 };

/** The day an order arrives: ordered after noon, it leaves a business day later. */
export function deliveryDay({ day, hour, zone }, holidays) {
  const calendar = createCalendar(holidays);
  const leaves = calendar.addOpenDays(day, hour < 12 ? 0 : 1);
  return calendar.addOpenDays(leaves, daysByZone[zone]);
}
