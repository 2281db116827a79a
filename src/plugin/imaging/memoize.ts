/** A plugin sees a handful of sizes and parameters in a run; a cache that is larger than this has met something else. */
const MOST_ENTRIES = 256;

/**
 * A function that remembers its results by its arguments. For tables and kernels that depend on a few numbers and names alone:
 * what it returns is shared, so nobody may write to it.
 */
export function memoize<A extends readonly (number | string)[], R>(
  build: (...key: A) => R,
): (...key: A) => R {
  const known = new Map<string, R>();
  return (...key) => {
    const name = key.join(' ');
    let result = known.get(name);
    if (result === undefined) {
      if (known.size >= MOST_ENTRIES) known.clear();
      result = build(...key);
      known.set(name, result);
    }
    return result;
  };
}
