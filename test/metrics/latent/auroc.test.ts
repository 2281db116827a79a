import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aurocOf, aurocsOf } from '../../../src/metrics/latent/auroc.js';
import { normals } from './points.js';

/** Share of pairs (detected, other) in which the detected one has the larger score, ties one half. */
function byPairs(scores: readonly number[], detected: readonly number[]): number | null {
  let [wins, pairs] = [0, 0];
  for (const [i, one] of scores.entries()) {
    for (const [j, other] of scores.entries()) {
      if (detected[i] !== 1 || detected[j] !== 0) continue;
      pairs += 1;
      if (one > other) wins += 1;
      else if (one === other) wins += 0.5;
    }
  }
  return pairs === 0 ? null : wins / pairs;
}

describe('the area under the ROC curve', () => {
  it('is what counting all pairs gives, ties and infinite scores included', () => {
    const score = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Infinity), fc.constant(-Infinity));
    fc.assert(
      fc.property(fc.array(fc.tuple(score, fc.integer({ min: 0, max: 1 })), { maxLength: 40 }), (images) => {
        const [scores, detected] = [images.map(([one]) => one), images.map(([, one]) => one)];
        const [found, expected] = [aurocOf(scores, Uint8Array.from(detected)), byPairs(scores, detected)];
        if (expected === null) expect(found).toBeNull();
        else expect(found).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('is 1 of a perfect score, 0 of its negative and one half of a constant', () => {
    const detected = Uint8Array.of(0, 0, 1, 1);
    expect(aurocOf([1, 2, 3, 4], detected)).toBe(1);
    expect(aurocOf([-1, -2, -3, -4], detected)).toBe(0);
    expect(aurocOf([5, 5, 5, 5], detected)).toBe(0.5);
  });

  it('has no value without images of both kinds', () => {
    expect(aurocOf([1, 2], Uint8Array.of(1, 1))).toBeNull();
    expect(aurocsOf([[1, 2]], Uint8Array.of(0, 0))).toEqual([null]);
  });
});

describe('intervals of areas', () => {
  const normal = normals(1);
  const n = 400;
  const detected = Uint8Array.from({ length: n }, (_, i) => Number(i % 4 === 0));
  const good = Float64Array.from(detected, (one) => one + normal());
  const poor = Float64Array.from(detected, (one) => 0.2 * one + normal());
  const [first, second] = aurocsOf([good, poor], detected);

  it('hold the value and are as wide as the theory of Hanley and McNeil says', () => {
    for (const one of [first!, second!]) {
      const { lower, upper } = one.interval!;
      expect(lower).toBeLessThan(one.value);
      expect(upper).toBeGreaterThan(one.value);
      const [a, hits, others] = [one.value, n / 4, (3 * n) / 4];
      const [q1, q2] = [a / (2 - a), (2 * a * a) / (1 + a)];
      const variance =
        (a * (1 - a) + (hits - 1) * (q1 - a * a) + (others - 1) * (q2 - a * a)) / (hits * others);
      expect((upper - lower) / (2 * 1.96 * Math.sqrt(variance))).toBeCloseTo(1, 0);
    }
  });

  it('are the same again, and do not depend on what is measured beside', () => {
    expect(aurocsOf([good], detected)).toEqual([first]);
  });

  it('are null when resamples may lack the images to be detected', () => {
    expect(aurocsOf([[1, 2, 3]], Uint8Array.of(0, 0, 1))).toEqual([{ value: 1, interval: null }]);
  });
});
