// Weight bands in grams with their price in cents; beyond the last, each further kilogram begun costs extra.
const bands = [
  { upTo: 500, price: 390 },
  { upTo: 2_000, price: 590 },
  { upTo: 10_000, price: 990 },
];
const extraPerKilogram = 80;
const zoneFactor = { home: 1, near: 2, far: 4 };

const basePrice = (grams) => {
  const band = bands.find(({ upTo }) => grams <= upTo);
  if (band) return band.price;
  const last = bands[bands.length - 1];
  return last.price + Math.ceil((grams - last.upTo) / 1_000) * extraPerKilogram;
};

/** The price of one parcel; at home it is free from 50.00 of goods. */
export function shippingPrice({ grams, zone, goods }) {
  const factor = zoneFactor[zone];
  if (factor === undefined) throw new RangeError(`unknown zone: ${zone}`);
  if (zone === 'home' && goods >= 5_000) return 0;
  return basePrice(grams) * factor;
}

/** Packs items into parcels of at most `limit` grams, heaviest first into the first that has room. */
export function pack(weights, limit) {
  const parcels = [];
  for (const weight of [...weights].sort((a, b) => b - a)) {
    if (weight > limit) throw new RangeError(`too heavy for a parcel: ${weight}`);
    const parcel = parcels.find((candidate) => candidate.total + weight <= limit);
    if (parcel) {
      parcel.items.push(weight);
      parcel.total += weight;
    } else parcels.push({ items: [weight], total: weight });
  }
  return parcels;
}
