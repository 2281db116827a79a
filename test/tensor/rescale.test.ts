import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distance, magnitude } from '../../src/tensor/norms.js';
import { addClipped, clippedScale } from '../../src/tensor/rescale.js';

const unit = fc.float({ min: 0, max: 1, noNaN: true });
const component = fc
  .float({ min: -2, max: 2, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-6 ? 0 : value));
const points = fc.array(fc.tuple(unit, component), { minLength: 1, maxLength: 30 }).map((pairs) => ({
  clean: Float64Array.from(pairs, ([value]) => value),
  direction: Float64Array.from(pairs, ([, slope]) => slope),
}));
const norms = ['l1', 'l2'] as const;

describe.each(norms)('rescaling a direction in %s with the bounds in mind', (norm) => {
  it('ends at distance epsilon, or where every coordinate is at its bound', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0.01, max: 5, noNaN: true }), ({ clean, direction }, epsilon) => {
        const moved = addClipped(norm, clean, direction, epsilon, 0, 1);
        const reached = distance(norm, moved, clean);
        const walls = direction.every(
          (slope, i) => slope === 0 || Math.abs(moved[i]! - (slope > 0 ? 1 : 0)) < 1e-9,
        );
        expect(moved.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(reached).toBeLessThanOrEqual(epsilon * (1 + 1e-9));
        if (!walls) expect(reached).toBeGreaterThanOrEqual(epsilon * (1 - 1e-9));
      }),
    );
  });

  it('is plain scaling where no bound is met', () => {
    const clean = new Float64Array(5).fill(0.5);
    const direction = Float64Array.of(1, -2, 0.5, 0, 3);
    expect(clippedScale(norm, clean, direction, 0.1, 0, 1)).toBeCloseTo(0.1 / magnitude(norm, direction), 12);
  });

  it('takes components that are nothing beside the others for zero', () => {
    const moved = addClipped(norm, Float64Array.of(0.5, 0.5), Float64Array.of(1, 1e-200), 5, 0, 1);
    expect(moved).toEqual(Float64Array.of(1, 0.5));
    expect(addClipped(norm, Float64Array.of(0.5), Float64Array.of(0), 5, 0, 1)).toEqual(Float64Array.of(0.5));
  });

  it('goes nowhere without a budget, and to the bounds with an endless one', () => {
    const clean = Float64Array.of(0.25, 0.5);
    expect(addClipped(norm, clean, Float64Array.of(1, -1), 0, 0, 1)).toEqual(clean);
    expect(addClipped(norm, clean, Float64Array.of(1, -1), Infinity, 0, 1)).toEqual(Float64Array.of(1, 0));
  });
});
