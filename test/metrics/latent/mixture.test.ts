import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitMixture, VARIANCE_FLOOR } from '../../../src/metrics/latent/mixture.js';
import { meanSpread } from '../../../src/metrics/latent/mean-spread.js';
import { normals } from './points.js';

function standardised(values: Float64Array): { values: Float64Array; mean: number; std: number } {
  const { mean, std } = meanSpread(values)!;
  return { values: values.map((value) => (value - mean) / std), mean, std };
}

/** Mean log-likelihood of values under a mixture, term by term. */
function likelihood(
  values: Float64Array,
  { weights, means, deviations }: ReturnType<typeof fitMixture>,
): number {
  const density = (x: number, k: 0 | 1) =>
    (weights[k] * Math.exp(-0.5 * ((x - means[k]) / deviations[k]) ** 2)) /
    (deviations[k] * Math.sqrt(2 * Math.PI));
  return values.reduce((sum, x) => sum + Math.log(density(x, 0) + density(x, 1)), 0) / values.length;
}

describe('the mixture of two Gaussians', () => {
  it.each([
    [0.5, -1, 0.1, 1, 0.1],
    [0.3, -2, 0.5, 1, 0.2],
    [0.1, 0, 0.3, 3, 0.8],
  ])(
    'finds the parameters that values were drawn with (weight %d, %d +- %d, %d +- %d)',
    (weight, m0, s0, m1, s1) => {
      const normal = normals(7);
      const n = 20_000;
      const drawn = Float64Array.from({ length: n }, (_, i) =>
        i < weight * n ? m0 + s0 * normal() : m1 + s1 * normal(),
      );
      const { values, mean, std } = standardised(drawn);
      const fit = fitMixture(values);
      const [a, b] = fit.means.map((value) => mean + std * value);
      expect(a).toBeCloseTo(m0, 1);
      expect(b).toBeCloseTo(m1, 1);
      expect(fit.deviations[0] * std).toBeCloseTo(s0, 1);
      expect(fit.deviations[1] * std).toBeCloseTo(s1, 1);
      expect(fit.weights[0]).toBeCloseTo(weight, 1);
      expect(fit.flags).toEqual([]);
    },
  );

  it('reports the mean log-likelihood of what it found', () => {
    const normal = normals(8);
    const { values } = standardised(
      Float64Array.from({ length: 500 }, (_, i) => (i % 3 === 0 ? 4 : 0) + normal()),
    );
    const fit = fitMixture(values);
    expect(likelihood(values, fit)).toBeCloseTo(fit.logLikelihood, 6);
  });

  it('ends at a stationary point: no small change of a parameter does better', () => {
    const normal = normals(9);
    const { values } = standardised(
      Float64Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 5 : 0) + normal()),
    );
    const fit = fitMixture(values);
    const best = likelihood(values, fit);
    for (const step of [1e-2, -1e-2]) {
      const [w] = fit.weights;
      expect(likelihood(values, { ...fit, means: [fit.means[0] + step, fit.means[1]] })).toBeLessThan(best);
      expect(
        likelihood(values, { ...fit, deviations: [fit.deviations[0], fit.deviations[1] + step] }),
      ).toBeLessThan(best);
      expect(likelihood(values, { ...fit, weights: [w + step, 1 - w - step] })).toBeLessThan(best);
    }
  });

  it('of two points has deviations at the floor and says so', () => {
    const fit = fitMixture(Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 1 : -1)));
    expect(fit).toMatchObject({ weights: [0.5, 0.5], means: [-1, 1], flags: ['at-floor'] });
    expect(fit.deviations).toEqual([Math.sqrt(VARIANCE_FLOOR), Math.sqrt(VARIANCE_FLOOR)]);
  });

  it('keeps one outlier as a component of its own, at the floor', () => {
    const { values } = standardised(Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 100 : i % 10)));
    expect(fitMixture(values)).toMatchObject({ flags: ['at-floor'], deviations: [expect.any(Number), 1e-3] });
  });

  it('ends and says so when a component holds nothing', () => {
    const { values } = standardised(Float64Array.from({ length: 100 }, (_, i) => i));
    const far = { weights: [0.5, 0.5], means: [0, 100], variances: [1, 0.01] } as const;
    expect(fitMixture(values, far)).toMatchObject({ iterations: 0, flags: ['empty-component'] });
  });

  it('comes to the same end from another start near by', () => {
    const normal = normals(10);
    const { values } = standardised(
      Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 8 : 0) + normal()),
    );
    const found = fitMixture(values);
    const again = fitMixture(values, { weights: [0.4, 0.6], means: [0.8, -0.7], variances: [0.1, 0.2] });
    expect(again.logLikelihood).toBeCloseTo(found.logLikelihood, 6);
    expect(again.means[0]).toBeCloseTo(found.means[0], 3);
  });

  it('does not depend on the order of the values, and mirrors with them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 30 }),
        (drawn) => {
          const { values } = standardised(Float64Array.from(drawn));
          const fit = fitMixture(values);
          expect(fitMixture(values.toReversed())).toEqual(fit);
          // Finite whatever the values, with weights of a mixture.
          expect([...fit.means, ...fit.deviations, fit.logLikelihood].every(Number.isFinite)).toBe(true);
          expect(fit.weights[0] + fit.weights[1]).toBeCloseTo(1, 12);
          expect(fit.means[0]).toBeLessThanOrEqual(fit.means[1]);
        },
      ),
    );
  });
});
