import { describe, expect, it } from '@jest/globals';
import { NORMS } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import { distance } from '../../src/tensor/norms.js';
import { DISTANCE_TOLERANCE } from '../../src/tensor/repair.js';
import { randomStart } from '../../src/tensor/start.js';

const SAMPLES = 20_000;
const center = new Float32Array(3).fill(0.5);

/** Distances of many starts from a center far from the bounds. */
function radii(norm: (typeof NORMS)[number], epsilon: number): number[] {
  return Array.from({ length: SAMPLES }, (_, key) => {
    const start = randomStart(norm, keyedStream(3, key, norm), center, epsilon, -10, 10);
    return distance(norm, start, center) / epsilon;
  });
}

describe.each(NORMS)('a random start in %s', (norm) => {
  it('is in the threat set, also where the bounds cut the ball', () => {
    for (let key = 0; key < 300; key++) {
      const corner = Float32Array.of(0, 1, 0.5, 0.003, 0.999);
      const epsilon = norm === 'l0' ? 2 : [0.01, 8 / 255, 0.7, 5][key % 4]!;
      const start = randomStart(norm, keyedStream(1, key, 'start'), corner, epsilon, 0, 1);
      expect(distance(norm, start, corner)).toBeLessThanOrEqual(epsilon * (1 + DISTANCE_TOLERANCE));
      expect(start.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('is the same for the same stream and leaves the center alone', () => {
    const once = randomStart(norm, keyedStream(1, 2, 'start'), center, 1, 0, 1);
    expect(randomStart(norm, keyedStream(1, 2, 'start'), center, 1, 0, 1)).toEqual(once);
    expect(once).not.toEqual(center);
    expect(Array.from(center)).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('the distribution of random starts', () => {
  // In n dimensions the share of a uniform ball within a fraction t of its radius is t^n, in every norm.
  it.each(['linf', 'l2', 'l1'] as const)('is uniform in the %s ball', (norm) => {
    const sorted = radii(norm, 0.25).sort((a, b) => a - b);
    const gap = sorted.reduce((worst, t, i) => Math.max(worst, Math.abs(t ** 3 - (i + 0.5) / SAMPLES)), 0);
    expect(gap).toBeLessThan(2.23 / Math.sqrt(SAMPLES));
  });

  it.each(['linf', 'l2', 'l1'] as const)('is centred and treats coordinates alike in the %s ball', (norm) => {
    const sums = [0, 0, 0];
    const squares = [0, 0, 0];
    for (let key = 0; key < SAMPLES; key++) {
      randomStart(norm, keyedStream(4, key, norm), center, 1, -10, 10).forEach((value, i) => {
        sums[i]! += value - 0.5;
        squares[i]! += (value - 0.5) ** 2;
      });
    }
    // Variance per coordinate of the uniform distribution on the three-dimensional ball.
    const variance = { linf: 1 / 3, l2: 1 / 5, l1: 1 / 10 }[norm];
    for (const sum of sums) expect(Math.abs(sum / SAMPLES)).toBeLessThan(4 * Math.sqrt(variance / SAMPLES));
    for (const square of squares) expect(square / SAMPLES / variance).toBeCloseTo(1, 1);
  });

  it('changes floor(epsilon) coordinates in l0, each as often as any other', () => {
    const counts = [0, 0, 0];
    for (let key = 0; key < SAMPLES; key++) {
      const start = randomStart('l0', keyedStream(5, key, 'l0'), center, 2.7, 0, 1);
      expect(distance('l0', start, center)).toBe(2);
      start.forEach((value, i) => (counts[i]! += value === 0.5 ? 0 : 1));
    }
    for (const count of counts) expect(count / SAMPLES).toBeCloseTo(2 / 3, 1);
  });
});
