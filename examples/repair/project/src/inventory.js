/** Stock per article: on hand, and how much of it is reserved. */
export function createInventory() {
  const items = new Map();

  const item = (sku) => {
    const found = items.get(sku);
    if (!found) throw new RangeError(`unknown article: ${sku}`);
    return found;
  };

  const receive = (sku, quantity) => {
    if (quantity <= 0) throw new RangeError('quantity must be positive');
    const found = items.get(sku) ?? { onHand: 0, reserved: 0 };
    items.set(sku, { ...found, onHand: found.onHand + quantity });
  };

  const available = (sku) => item(sku).onHand - item(sku).reserved;

  /** Sets goods aside; false when there are not enough. */
  const reserve = (sku, quantity) => {
    if (quantity <= 0) throw new RangeError('quantity must be positive');
    if (available(sku) < quantity) return false;
    item(sku).reserved += quantity;
    return true;
  };

  /** Gives reserved goods back to the shelf. */
  const release = (sku, quantity) => {
    if (item(sku).reserved < quantity) throw new RangeError('more than was reserved');
    item(sku).reserved -= quantity;
  };

  /** Reserved goods leave the house. */
  const ship = (sku, quantity) => {
    if (item(sku).reserved < quantity) throw new RangeError('more than was reserved');
    item(sku).reserved -= quantity;
    item(sku).onHand -= quantity;
  };

  /** Articles of which fewer than `minimum` are available, sorted. */
  const toReorder = (minimum) => [...items.keys()].filter((sku) => available(sku) < minimum).sort();

  return { receive, available, reserve, release, ship, toReorder };
}
