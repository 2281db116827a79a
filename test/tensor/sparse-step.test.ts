import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distance } from '../../src/tensor/norms.js';
import { sparseStep } from '../../src/tensor/sparse-step.js';

const examples = fc
  .array(
    fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: -50, max: 50 }).map((n) => n / 10),
    ),
    { minLength: 1, maxLength: 25 },
  )
  .map((pairs) => ({
    clean: Float64Array.from(pairs, ([value]) => value),
    gradient: Float64Array.from(pairs, ([, slope]) => slope),
  }));

describe('a sparse step', () => {
  it('stays within the bounds, is no longer than asked, and raises a linear function', () => {
    fc.assert(
      fc.property(
        examples,
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ clean, gradient }, length, density) => {
          const point = clean.slice();
          sparseStep(gradient, point, length, density, 0, 1);
          expect(point.every((value) => value >= 0 && value <= 1)).toBe(true);
          expect(distance('l1', point, clean)).toBeLessThanOrEqual(length * (1 + 1e-12));
          point.forEach((value, i) => expect((value - clean[i]!) * gradient[i]!).toBeGreaterThanOrEqual(0));
        },
      ),
    );
  });

  it('of one coordinate at a time gains at least what any other step of its length gains', () => {
    fc.assert(
      fc.property(examples, fc.double({ min: 0.01, max: 3, noNaN: true }), ({ clean, gradient }, length) => {
        const gain = (point: Float64Array) =>
          point.reduce((sum, value, i) => sum + (value - clean[i]!) * gradient[i]!, 0);
        const best = clean.slice();
        sparseStep(gradient, best, length, 0, 0, 1);
        for (const density of [0.1, 0.3, 1]) {
          const other = clean.slice();
          sparseStep(gradient, other, length, density, 0, 1);
          expect(gain(best)).toBeGreaterThanOrEqual(gain(other) - 1e-9);
        }
      }),
    );
  });

  it('gives what meets a bound to the next coordinate', () => {
    const point = Float64Array.of(0.9, 0.5, 0.5);
    sparseStep(Float64Array.of(3, -2, 1), point, 0.3, 0, 0, 1);
    [1, 0.3, 0.5].forEach((value, i) => expect(point[i]).toBeCloseTo(value, 12));
  });

  it('descends with a negative length, and stands still without a slope', () => {
    const point = Float64Array.of(0.5, 0.5);
    sparseStep(Float64Array.of(2, 1), point, -0.2, 0, 0, 1);
    expect(point).toEqual(Float64Array.of(0.3, 0.5));
    sparseStep(new Float64Array(2), point, 1, 0.5, 0, 1);
    expect(point).toEqual(Float64Array.of(0.3, 0.5));
  });
});
