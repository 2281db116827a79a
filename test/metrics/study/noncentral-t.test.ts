import { describe, expect, it } from '@jest/globals';
import { noncentralityOf, noncentralT } from '../../../src/metrics/study/noncentral-t.js';

describe('the noncentral t distribution', () => {
  it('agrees with scipy.stats.nct, from samples of two to large noncentralities', () => {
    const golden: readonly (readonly [t: number, freedom: number, noncentrality: number, p: number])[] = [
      [2.306, 8, 0, 0.9749998386193579],
      [1, 8, 1, 0.48786884135175895],
      [3, 8, 5, 0.04776423459773856],
      [5, 2, 3, 0.6894905962120523],
      [50, 8, 60, 0.17466305428094572],
      [50, 8, 40, 0.744029129923556],
      [0.7, 3, -1, 0.9440210406425765],
      [-2, 5, 1, 0.005896462289842157],
      [12, 9, 10, 0.7043034123374565],
    ];
    for (const [t, freedom, noncentrality, p] of golden)
      expect(noncentralT(t, freedom, noncentrality)).toBeCloseTo(p, 6);
  });

  it('is the normal distribution of the noncentrality at t = 0', () => {
    expect(noncentralT(0, 5, 0)).toBeCloseTo(0.5, 12);
    expect(noncentralT(0, 5, 1.959963984540054)).toBeCloseTo(0.025, 12);
  });

  it('gives the noncentrality at which a t has a chance, as SciPy does', () => {
    const golden: readonly (readonly [t: number, freedom: number, lower: number, upper: number])[] = [
      [2.5, 8, 0.14450488465321837, 4.745231644173723],
      [0.3, 8, -1.6744431242922195, 2.2561312888357383],
      [40, 8, 20.76430510261076, 59.3079446338721],
      [-6, 3, -10.929654120612396, -1.0803987178573018],
    ];
    for (const [t, freedom, lower, upper] of golden) {
      expect(noncentralityOf(t, freedom, 0.025)).toBeCloseTo(lower, 3);
      expect(noncentralityOf(t, freedom, 0.975)).toBeCloseTo(upper, 3);
    }
  });
});
