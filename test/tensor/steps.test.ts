import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dualNorm, magnitude, type ConvexNorm } from '../../src/tensor/norms.js';
import { steepestStep } from '../../src/tensor/steps.js';

const step = (norm: ConvexNorm, gradient: number[], stepSize: number): number[] => {
  const point = new Float64Array(gradient.length);
  steepestStep[norm](Float64Array.from(gradient), point, stepSize);
  return Array.from(point);
};

describe('the steepest step', () => {
  it('in linf is the sign, and 0 where the gradient is 0', () => {
    expect(step('linf', [3, -0.001, 0], 0.5)).toEqual([0.5, -0.5, 0]);
  });

  it('in l2 is the gradient scaled to the step size', () => {
    expect(step('l2', [3, -4], 10)).toEqual([6, -8]);
  });

  it('in l1 is one coordinate, the first among equals', () => {
    expect(step('l1', [1, -3, 3], 2)).toEqual([0, -2, 0]);
  });

  it('is added to the point, and descends for a negative size', () => {
    const point = Float32Array.of(1, 1);
    steepestStep.linf(Float32Array.of(1, -1), point, -0.25);
    expect(Array.from(point)).toEqual([0.75, 1.25]);
  });

  it.each(Object.keys(steepestStep) as ConvexNorm[])('in %s does not move on a zero gradient', (norm) => {
    expect(step(norm, [0, 0, 0], 1)).toEqual([0, 0, 0]);
  });

  it('in l2 does not blow up a vanishing gradient', () => {
    expect(step('l2', [1e-20, 0], 1)[0]).toBeLessThanOrEqual(1e-8);
  });

  it.each(Object.keys(steepestStep) as ConvexNorm[])(
    'in %s reaches the largest possible rise, step size times the dual norm of the gradient',
    (norm) => {
      const gradients = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
        minLength: 1,
        maxLength: 6,
      });
      fc.assert(
        fc.property(gradients, (g) => {
          const gradient = Float64Array.from(g);
          fc.pre(magnitude('l2', gradient) > 1e-6);
          const moved = step(norm, g, 0.5);
          const rise = moved.reduce((sum, value, i) => sum + value * g[i]!, 0);
          expect(rise).toBeCloseTo(0.5 * magnitude(dualNorm[norm], gradient), 6);
          expect(magnitude(norm, Float64Array.from(moved))).toBeLessThanOrEqual(0.5 * (1 + 1e-12));
        }),
      );
    },
  );
});
