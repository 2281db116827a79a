import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { permutationTest } from '../../../src/metrics/study/permutation-test.js';
import { ALL_SPLITS, choose, DRAWN_SPLITS, forEachSplit } from '../../../src/metrics/study/splits.js';
import { normals } from '../latent/points.js';

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** All splits of a pooled sample by bit masks. */
function everySplit(a: readonly number[], b: readonly number[]): { first: number[]; second: number[] }[] {
  const pooled = [...a, ...b];
  const masks = Array.from({ length: 2 ** pooled.length }, (_, mask) => mask);
  return masks
    .map((mask) => ({
      first: pooled.filter((_value, i) => (mask >> i) & 1),
      second: pooled.filter((_value, i) => !((mask >> i) & 1)),
    }))
    .filter(({ first }) => first.length === a.length);
}

/** Share of splits of (a - shift, b) whose difference is at least the observed one, or at most. */
function oneSided(a: readonly number[], b: readonly number[], shift: number, side: 1 | -1): number {
  const shifted = a.map((value) => value - shift);
  const observed = mean(shifted) - mean(b);
  const splits = everySplit(shifted, b);
  const extreme = splits.filter(
    ({ first, second }) => side * (mean(first) - mean(second) - observed) >= -1e-9,
  );
  return extreme.length / splits.length;
}

const small = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 });

describe('splits of a pooled sample', () => {
  it.each([
    [1, 1],
    [6, 3],
    [7, 2],
    [5, 5],
    [9, 4],
  ])('of %d into %d and the rest are all visited, once each', (size, first) => {
    const seen = new Set<string>();
    expect(forEachSplit(size, first, (places) => seen.add(places.join()))).toEqual({
      count: seen.size,
      exact: true,
    });
    expect(seen.size).toBe(choose(size, first));
  });

  it('are as many as binomial coefficients say', () => {
    expect([choose(4, 2), choose(20, 10), choose(10, 0), choose(52, 5)]).toEqual([6, 184_756, 1, 2_598_960]);
  });

  it('are drawn where there are too many, the observed one first', () => {
    const seen: string[] = [];
    const { count, exact } = forEachSplit(22, 11, (places) =>
      seen.push([...places].sort((a, b) => a - b).join()),
    );
    expect({ count, exact, visited: seen.length }).toEqual({
      count: DRAWN_SPLITS + 1,
      exact: false,
      visited: count,
    });
    expect(seen[0]).toBe('0,1,2,3,4,5,6,7,8,9,10');
    expect(choose(22, 11)).toBeGreaterThan(ALL_SPLITS);
  });
});

describe('the permutation test of two means', () => {
  it('of three values all above three others is 2 of 20 splits, the least there is', () => {
    const found = permutationTest([4, 5, 6], [1, 2, 3]);
    expect(found).toEqual({ difference: 3, p: 0.1, smallestP: 0.1, interval: null, splits: 20, exact: true });
  });

  it('of [1, 2] and [3] counts by hand', () => {
    // Differences: 1.5 - 3 = -1.5, 2 - 2 = 0, 2.5 - 1 = 1.5.
    expect(permutationTest([1, 2], [3])).toMatchObject({ difference: -1.5, p: 2 / 3, smallestP: 1 / 3 });
  });

  it('is what counting all splits gives', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const observed = Math.abs(mean(a) - mean(b));
        const splits = everySplit(a, b);
        const extreme = splits.filter(
          ({ first, second }) => Math.abs(mean(first) - mean(second)) >= observed - 1e-9,
        );
        expect(permutationTest(a, b).p).toBe(extreme.length / splits.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is 1 of samples that are the same, and does not depend on scale, shift or which comes first', () => {
    expect(permutationTest([2, 2, 2], [2, 2]).p).toBe(1);
    const [a, b] = [
      [0.91, 0.93, 0.92, 0.95],
      [0.9, 0.94, 0.89, 0.88],
    ];
    const { p } = permutationTest(a, b);
    expect(permutationTest(b, a).p).toBe(p);
    expect(
      permutationTest(
        a.map((one) => 100 * one - 7),
        b.map((one) => 100 * one - 7),
      ).p,
    ).toBe(p);
  });

  it('refuses an empty sample', () => {
    expect(() => permutationTest([], [1])).toThrow(RangeError);
  });

  it('by drawn splits comes near the p value of a normal approximation', () => {
    const normal = normals(1);
    const a = Array.from({ length: 30 }, () => 0.5 + normal());
    const b = Array.from({ length: 30 }, normal);
    const found = permutationTest(a, b);
    expect(found).toMatchObject({ exact: false, splits: 100_000, smallestP: 1e-5 });
    // Variance of the mean of a random half of the pooled sample: (size + 1) / 12 in ranks; here from the values.
    const pooled = [...a, ...b];
    const variance = pooled.reduce((sum, one) => sum + (one - mean(pooled)) ** 2, 0) / 59;
    const z = Math.abs(found.difference) / Math.sqrt(variance * (2 / 30));
    const tail = Math.exp((-z * z) / 2) / (z * Math.sqrt(2 * Math.PI));
    expect(found.p).toBeLessThan(2 * tail);
    expect(found.p).toBeGreaterThan(2 * tail * (1 - 1 / z ** 2));
    const half = 1.96 * Math.sqrt(variance * (2 / 30));
    expect(found.interval!.upper - found.interval!.lower).toBeGreaterThan(1.7 * half);
    expect(found.interval!.upper - found.interval!.lower).toBeLessThan(2.1 * half);
  });
});

describe('the interval of a shift', () => {
  it('of four against four is between the least and the largest exchange', () => {
    // One value for one: from 4 - 3 to 7 - 0.
    expect(permutationTest([4, 5, 6, 7], [0, 1, 2, 3]).interval).toEqual({ lower: 1, upper: 7 });
  });

  it('ends where one-sided tests begin to reject', () => {
    const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 4, maxLength: 5 });
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const { lower, upper } = permutationTest(a, b).interval!;
        expect(oneSided(a, b, lower, 1)).toBeGreaterThan(0.025);
        expect(oneSided(a, b, lower - 1e-6, 1)).toBeLessThanOrEqual(0.025);
        expect(oneSided(a, b, upper, -1)).toBeGreaterThan(0.025);
        expect(oneSided(a, b, upper + 1e-6, -1)).toBeLessThanOrEqual(0.025);
      }),
      { numRuns: 15 },
    );
  });

  it('moves with the samples and holds the difference', () => {
    const [a, b] = [
      [3, 8, 4, 9, 5],
      [1, 4, 2, 7, 3],
    ];
    const [found, moved] = [
      permutationTest(a, b),
      permutationTest(
        a.map((one) => one + 10),
        b,
      ),
    ];
    expect(moved.interval!.lower - found.interval!.lower).toBeCloseTo(10, 9);
    expect(found.interval!.lower).toBeLessThan(found.difference);
    expect(found.interval!.upper).toBeGreaterThan(found.difference);
  });
});
