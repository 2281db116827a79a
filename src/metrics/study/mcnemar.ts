/** Two models on the same examples. */
export interface PairedOutcomes {
  /** Examples that both are right on, only the first, only the second, neither. */
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

/** An exact McNemar test. */
export interface McNemarTest extends PairedOutcomes {
  /** Accuracy of the first less accuracy of the second; 0 of no examples. */
  readonly difference: number;
  /** Two-sided p value of "an example that one is right on and the other is not is as often the first's as the second's". */
  readonly p: number;
}

/**
 * Exact McNemar test of two models on the same examples (McNemar 1947; exact: binomial with one half, on the examples they
 * differ on, twice the smaller tail). It is about these two checkpoints: that one training procedure is better than another
 * takes several seeds of each (permutation-test.ts).
 * @param first whether the first model is right on each example, such as robust or correct
 * @param second the same of the second model, in the same order
 * @throws RangeError when the examples are not as many
 */
export function mcnemarTest(first: readonly boolean[], second: readonly boolean[]): McNemarTest {
  if (first.length !== second.length)
    throw new RangeError(`paired outcomes must be as many, received ${first.length} and ${second.length}`);
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const [i, one] of first.entries()) {
    if (one) counts[second[i]! ? 'both' : 'onlyFirst'] += 1;
    else counts[second[i]! ? 'onlySecond' : 'neither'] += 1;
  }
  const { onlyFirst, onlySecond } = counts;
  return {
    ...counts,
    difference: first.length === 0 ? 0 : (onlyFirst - onlySecond) / first.length,
    p: Math.min(1, 2 * lowerTail(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond)),
  };
}

/** P(X <= k) of X binomial with n trials and one half; by logarithms, as 2^-n has no float64 beyond n = 1074. */
function lowerTail(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i);
    sum += Math.exp(logTerm);
  }
  return sum;
}
