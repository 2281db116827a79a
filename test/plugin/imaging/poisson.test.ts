import { describe, expect, it } from '@jest/globals';
import { poissonLaw, poissonQuantile } from '../../../src/plugin/imaging/poisson.js';
import { poissonCumulative } from '../../corruptions/distributions.js';

describe('the Poisson law', () => {
  it.each([0.01, 0.7, 3, 29.4, 255, 500])('of mean %d has the probabilities of its definition', (mean) => {
    const { first, cumulative } = poissonLaw(mean);
    const exact = poissonCumulative(mean);
    cumulative.forEach((probability, i) => expect(probability).toBeCloseTo(exact(first + i), 10));
    expect(cumulative.at(-1)).toBeCloseTo(1, 15);
  });

  it('of mean 0 is always 0, and of 100,000 still sums to 1', () => {
    expect([0, 0.5, 1 - 2 ** -53].map((share) => poissonQuantile(poissonLaw(0), share))).toEqual([0, 0, 0]);
    const large = poissonLaw(1e5);
    expect(poissonQuantile(large, 0.5)).toBe(100_000);
    expect(large.cumulative.at(-1)).toBeCloseTo(1, 12);
  });

  it('has the count at which its cumulative probability first exceeds what is asked', () => {
    const law = poissonLaw(2.5);
    const exact = poissonCumulative(2.5);
    for (let i = 0; i < 1000; i++) {
      const count = poissonQuantile(law, i / 1000);
      expect(exact(count)).toBeGreaterThan(i / 1000);
      expect(exact(count - 1)).toBeLessThanOrEqual(i / 1000);
    }
    expect(poissonQuantile(law, 1 - 2 ** -53)).toBeGreaterThan(15);
  });
});
