/**
 * Holm's step-down correction for several tests (Holm 1979): compare the results with the level itself, and the probability of
 * one or more false rejections stays below it, however the tests depend on each other.
 * @param p values of the tests, 0 to 1
 * @returns adjusted values in the same order: of the i-th smallest (from 0) max over j <= i of min(1, (m - j) p_j)
 */
export function holm(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((i, j) => p[i]! - p[j]!);
  const adjusted = [...p];
  let largest = 0;
  for (const [rank, test] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[test]!));
    adjusted[test] = largest;
  }
  return adjusted;
}
