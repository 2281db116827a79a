import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { proportion, wilsonBounds, Z_95 } from '../../src/metrics/proportion.js';

describe('the 95 % Wilson interval', () => {
  // Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I,
  // method 3 (score, without continuity correction), printed to four places.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d out of %d is the published %d to %d', (correct, n, lower, upper) => {
    const bounds = wilsonBounds(correct, n);
    expect(bounds.lower).toBeCloseTo(lower, 4);
    expect(bounds.upper).toBeCloseTo(upper, 4);
  });

  it('is everything when there is nothing to count', () => {
    expect(proportion(0, 0)).toEqual({
      correct: 0,
      n: 0,
      interval: { lower: 0, upper: 1, level: 0.95, method: 'wilson' },
    });
  });

  it('holds its end exactly when all or none are correct, and is open on the other side', () => {
    for (const n of [1, 7, 1000]) {
      expect(wilsonBounds(0, n).lower).toBe(0);
      expect(wilsonBounds(n, n).upper).toBe(1);
      expect(wilsonBounds(0, n).upper).toBeCloseTo(Z_95 ** 2 / (n + Z_95 ** 2), 12);
    }
  });

  const counts = fc
    .integer({ min: 1, max: 100_000 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

  it('solves the score equation (p - q)^2 = z^2 q (1 - q) / n at both ends', () => {
    fc.assert(
      fc.property(counts, ([correct, n]) => {
        const { lower, upper } = wilsonBounds(correct, n);
        for (const q of [lower, upper]) {
          expect((correct / n - q) ** 2).toBeCloseTo((Z_95 ** 2 * q * (1 - q)) / n, 12);
        }
      }),
    );
  });

  it('holds the proportion, lies in [0, 1] and mirrors when successes and failures swap', () => {
    fc.assert(
      fc.property(counts, ([correct, n]) => {
        const { lower, upper } = wilsonBounds(correct, n);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(correct / n);
        expect(upper).toBeGreaterThanOrEqual(correct / n);
        const mirrored = wilsonBounds(n - correct, n);
        expect(mirrored.lower).toBeCloseTo(1 - upper, 12);
        expect(mirrored.upper).toBeCloseTo(1 - lower, 12);
      }),
    );
  });

  it('covers the true proportion about 95 times in a hundred', () => {
    // Exact coverage, averaged over p: the probability under Binomial(60, p) of a count whose interval holds p.
    const n = 60;
    const coverages = Array.from({ length: 99 }, (_, k) => {
      const p = (k + 1) / 100;
      let probability = (1 - p) ** n;
      let covered = 0;
      for (let correct = 0; correct <= n; correct++) {
        const { lower, upper } = wilsonBounds(correct, n);
        if (lower <= p && p <= upper) covered += probability;
        probability *= ((n - correct) / (correct + 1)) * (p / (1 - p));
      }
      return covered;
    });
    expect(coverages.reduce((sum, value) => sum + value, 0) / 99).toBeCloseTo(0.95, 2);
  });
});
