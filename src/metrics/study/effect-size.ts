import type { Bounds } from '../resample.js';
import { noncentralityOf } from './noncentral-t.js';

/** A difference of two means in standard deviations. */
export interface EffectSize {
  readonly value: number;
  /** 95 % interval, for normal samples of one variance. */
  readonly interval: Bounds;
}

/** Chance that the effect is above the interval, and below it. */
const TAIL = 0.025;

/**
 * Hedges' g: the difference of two means over the pooled standard deviation, times J, which takes away the bias of small samples
 * (Hedges 1981, with the exact J = Gamma(f / 2) / (sqrt(f / 2) Gamma((f - 1) / 2)), f = n + m - 2).
 *
 * The interval holds the effects under which a t as large as the observed one, or as small, has at least 2.5 %: those of the
 * noncentral t distribution, times J like g (Steiger and Fouladi 1997, "Noncentrality interval estimation").
 * @returns null with f < 2, or where neither sample varies
 */
export function hedgesG(a: readonly number[], b: readonly number[]): EffectSize | null {
  const freedom = a.length + b.length - 2;
  if (freedom < 2 || a.length === 0 || b.length === 0) return null;
  const pooled = Math.sqrt((squaresOf(a) + squaresOf(b)) / freedom);
  if (!(pooled > 0)) return null;
  const effect = (meanOf(a) - meanOf(b)) / pooled;
  // t is the effect times the root of n m / (n + m), and so is the noncentrality the true effect.
  const root = Math.sqrt((a.length * b.length) / (a.length + b.length));
  const factor = smallSampleFactor(freedom);
  const bound = (tail: number) => (factor * noncentralityOf(effect * root, freedom, tail)) / root;
  return { value: factor * effect, interval: { lower: bound(TAIL), upper: bound(1 - TAIL) } };
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
