import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NORMS } from '../../src/plugin/threat.js';
import { distance } from '../../src/tensor/norms.js';
import { projections } from '../../src/tensor/projections.js';
import { cases, epsilons } from './examples.js';

const project = (norm: (typeof NORMS)[number], x: number[], center: number[], epsilon: number): number[] => {
  const point = Float64Array.from(x);
  projections[norm](point, Float32Array.from(center), epsilon, 0, 1);
  return Array.from(point);
};

describe.each(NORMS)('the %s projection', (norm) => {
  it('ends in ball and box, up to the rounding of one addition', () => {
    fc.assert(
      fc.property(cases, epsilons, ({ clean, candidate, lower, upper }, epsilon) => {
        const point = Float64Array.from(candidate);
        projections[norm](point, clean, epsilon, lower, upper);
        const rounding = clean.reduce((sum, value) => sum + Math.abs(value), 0) * 2 ** -52;
        expect(distance(norm, point, clean)).toBeLessThanOrEqual(epsilon * (1 + 1e-12) + rounding);
        expect(point.every((value) => value >= lower && value <= upper)).toBe(true);
      }),
    );
  });

  it('leaves a point of the set where it is', () => {
    fc.assert(
      fc.property(cases, ({ clean, candidate, lower, upper }) => {
        const inBox = candidate.map((value) => Math.min(Math.max(value, lower), upper));
        const point = Float64Array.from(inBox);
        projections[norm](point, clean, distance(norm, inBox, clean), lower, upper);
        expect(Array.from(point)).toEqual(Array.from(inBox));
      }),
    );
  });

  it('is the center for a budget of 0 and a clip for an infinite one', () => {
    expect(project(norm, [0.9, -3, 0.2], [0.5, 0.5, 0.2], 0)).toEqual([0.5, 0.5, Math.fround(0.2)]);
    expect(project(norm, [0.75, -3, 7], [0.5, 0.5, 0.5], Infinity)).toEqual([0.75, 0, 1]);
  });

  it('works in place on float32 data too', () => {
    const point = Float32Array.of(2, 0.5);
    projections[norm](point, Float32Array.of(0.5, 0.5), 0.25, 0, 1);
    expect(Array.from(point)).toEqual(norm === 'l0' ? [0.5, 0.5] : [0.75, 0.5]);
  });
});

describe('the exact projections', () => {
  const value = fc.double({ min: -1, max: 2, noNaN: true });
  const inBox = fc.integer({ min: 0, max: 8 }).map((eighth) => eighth / 8);
  const pairs = fc.array(fc.tuple(value, inBox), { minLength: 1, maxLength: 5 });
  const squared = (x: number[], y: number[]): number => x.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0);

  it('onto the L1 ball and box satisfies the optimality condition <x - p, z - p> <= 0 for points z of the set', () => {
    const other = fc.array(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true })), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        pairs,
        other,
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (pair, directions, epsilon) => {
          const [x, center] = [pair.map(([v]) => v), pair.map(([, c]) => c)];
          const p = project('l1', x, center, epsilon);
          const sum = directions.slice(0, x.length).reduce((total, [d]) => total + Math.abs(d), 0) || 1;
          const z = center.map((c, i) => Math.min(Math.max(c + (directions[i]![0] / sum) * epsilon, 0), 1));
          const vertices = center.flatMap((c, i) =>
            [-epsilon, epsilon].map((step) => center.with(i, Math.min(Math.max(c + step, 0), 1))),
          );
          for (const point of [z, center, ...vertices]) {
            const inner = x.reduce((total, v, i) => total + (v - p[i]!) * (point[i]! - p[i]!), 0);
            expect(inner).toBeLessThanOrEqual(1e-9);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('onto the L1 ball and box is nearer than scaling when the box is in the way', () => {
    // One coordinate is stuck at the wall, so the other may use the whole budget.
    expect(project('l1', [2, 0.9], [1, 0.5], 0.3)).toEqual([1, 0.8]);
  });

  it('onto the L0 ball and box is the nearest among all choices of coordinates', () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: 0, max: 5, noNaN: true }), (pair, epsilon) => {
        const [x, center] = [pair.map(([v]) => v), pair.map(([, c]) => c)];
        let best = Infinity;
        for (let mask = 0; mask < 2 ** x.length; mask++) {
          const chosen = x.map((_, i) => (mask >> i) % 2 === 1);
          if (chosen.filter(Boolean).length > epsilon) continue;
          const point = x.map((v, i) => (chosen[i] ? Math.min(Math.max(v, 0), 1) : center[i]!));
          best = Math.min(best, squared(point, x));
        }
        expect(squared(project('l0', x, center, epsilon), x)).toBeCloseTo(best, 12);
      }),
    );
  });

  it('onto the L2 ball alone is along the straight line to the center', () => {
    expect(project('l2', [0.5 + 0.3, 0.5 + 0.4], [0.5, 0.5], 0.25)).toEqual([
      expect.closeTo(0.65, 12),
      expect.closeTo(0.7, 12),
    ]);
  });
});
