/** A map of limited size that forgets what was not used for longest. */
export function createCache(limit) {
  if (limit < 1) throw new RangeError('a cache holds at least one entry');
  const entries = new Map();

  const touch = (key, value) => {
    entries.delete(key);
    entries.set(key, value);
  };

  const get = (key) => {
    if (!entries.has(key)) return undefined;
    const value = entries.get(key);
    touch(key, value);
    return value;
  };

  const set = (key, value) => {
    touch(key, value);
    if (entries.size > limit) entries.delete(entries.keys().next().value);
  };

  /** The cached value, or what `compute` answers, which is then kept. */
  const through = (key, compute) => {
    if (!entries.has(key)) set(key, compute(key));
    return get(key);
  };

  return { get, set, through, has: (key) => entries.has(key), keys: () => [...entries.keys()] };
}
