import { roundHalfEven } from './money.js';

// Rates in percent; a region not listed pays the standard rate.
const rates = new Map([
  ['standard', { normal: 20, reduced: 10 }],
  ['islands', { normal: 7, reduced: 3 }],
  ['export', { normal: 0, reduced: 0 }],
]);

/** The rate of a product class in a region, in percent. */
export function taxRate(region, reduced = false) {
  const rate = rates.get(region) ?? rates.get('standard');
  return reduced ? rate.reduced : rate.normal;
}

/** The tax to add to a net amount. */
export const taxOnNet = (net, rate) => roundHalfEven((net * rate) / 100);

/** The tax that a gross amount already holds. */
export const taxInGross = (gross, rate) => gross - roundHalfEven((gross * 100) / (100 - rate));

/** Sums net, tax and gross over lines of `{ net, rate }`; tax is rounded once per rate, as on an invoice. */
export function taxSummary(lines) {
  const netByRate = new Map();
  for (const { net, rate } of lines) netByRate.set(rate, (netByRate.get(rate) ?? 0) + net);
  let net = 0;
  let tax = 0;
  for (const [rate, sum] of netByRate) {
    net += sum;
    tax += taxOnNet(sum, rate);
  }
  return { net, tax, gross: net + tax };
}
