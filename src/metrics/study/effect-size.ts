/**
 * Hedges' g: the difference of two means over the pooled standard deviation, times J, which takes away the bias of small samples
 * (Hedges 1981, with the exact J = Gamma(f / 2) / (sqrt(f / 2) Gamma((f - 1) / 2)), f = n + m - 2).
 * @returns null with f < 2, or where neither sample varies
 */
export function hedgesG(a: readonly number[], b: readonly number[]): number | null {
  const freedom = a.length + b.length - 2;
  if (freedom < 2 || a.length === 0 || b.length === 0) return null;
  const pooled = Math.sqrt((squaresOf(a) + squaresOf(b)) / freedom);
  return pooled > 0 ? (smallSampleFactor(freedom) * (meanOf(a) - meanOf(b))) / pooled : null;
}

/** J of f >= 2 degrees of freedom, by the recursion of the Gamma function from f = 2 or 3. */
function smallSampleFactor(freedom: number): number {
  const even = freedom % 2 === 0;
  // Gamma(f / 2) / Gamma((f - 1) / 2)
  let ratio = even ? 1 / Math.sqrt(Math.PI) : Math.sqrt(Math.PI) / 2;
  for (let f = even ? 2 : 3; f < freedom; f += 2) ratio *= f / (f - 1);
  return ratio / Math.sqrt(freedom / 2);
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

/** Sum of squares around the mean; exactly 0 of values that are all the same. */
function squaresOf(values: readonly number[]): number {
  if (values.every((value) => value === values[0])) return 0;
  const mean = meanOf(values);
  return values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
}
