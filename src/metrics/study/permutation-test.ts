import type { Bounds } from '../resample.js';
import { forEachSplit } from './splits.js';

/** Two samples compared by their means. */
export interface PermutationTest {
  /** Mean of the first sample less mean of the second. */
  readonly difference: number;
  /** Two-sided p value of "both samples are of one distribution". */
  readonly p: number;
  /** The smallest p value that samples of these sizes can give: 0.1 of three against three. */
  readonly smallestP: number;
  /** 95 % interval of a shift between the samples; null where they are too small to have one (below four against four). */
  readonly interval: Bounds | null;
  /** Splits of the pooled sample that the test rests on, and whether they are all there are. */
  readonly splits: number;
  readonly exact: boolean;
}

const LEVEL = 0.95;

/** Differences that only rounding tells apart count as equal: this share of the largest value. */
const ROUNDING = 1e-12;

/**
 * Permutation test of the difference of two means (Fisher 1935; Pitman 1937): p is the share of the splits of the pooled sample,
 * the observed one included, whose means differ at least as much. All splits up to 200,000, otherwise 100,000 (see splits.ts).
 *
 * The interval holds the shifts d for which neither one-sided test of "the first sample, less d, is like the second" rejects at
 * 2.5 % (Garthwaite 1996, "Confidence intervals from randomization tests", Biometrics 52). A split that exchanges k values of
 * each sample is as extreme as the observed one from the shift mean(given away) - mean(received) on, so the ends are order
 * statistics of these and no search is needed.
 * @param a one value per seed; at least one, finite
 * @param b likewise; not paired with those of `a`
 * @throws RangeError for an empty sample
 */
export function permutationTest(a: readonly number[], b: readonly number[]): PermutationTest {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) throw new RangeError('a permutation test needs two samples with values');
  const pooled = Float64Array.of(...a, ...b);
  let [total, largest, first] = [0, 0, 0];
  for (const [i, value] of pooled.entries()) {
    total += value;
    if (i < n) first += value;
    largest = Math.max(largest, Math.abs(value));
  }
  const difference = first / n - (total - first) / m;
  const threshold = Math.abs(difference) - ROUNDING * largest;
  const shifts: number[] = [];
  let [extreme, observed] = [0, 0];
  const { count, exact } = forEachSplit(n + m, n, (places) => {
    let [sum, kept] = [0, 0];
    for (const place of places) {
      sum += pooled[place]!;
      if (place < n) kept += 1;
    }
    const other = sum / n - (total - sum) / m;
    if (Math.abs(other) >= threshold) extreme += 1;
    if (kept === n) observed += 1;
    else shifts.push((difference - other) / ((n - kept) * (1 / n + 1 / m)));
  });
  return {
    ...{ difference, p: extreme / count, splits: count, exact },
    // With equal sizes the mirror image of a split is as extreme as the split.
    smallestP: exact ? Math.min(1, (n === m ? 2 : 1) / count) : 1 / count,
    interval: intervalOf(shifts, observed, count),
  };
}

/** A shift is rejected when at most (1 - level) / 2 of the splits, those like the observed one included, are as extreme. */
function intervalOf(shifts: number[], observed: number, count: number): Bounds | null {
  const rejected = Math.floor((count * (1 - LEVEL)) / 2 + 1e-9) - observed;
  if (rejected < 0) return null;
  const sorted = Float64Array.from(shifts).sort();
  return { lower: sorted[rejected]!, upper: sorted[sorted.length - 1 - rejected]! };
}
