import { describe, expect, it } from '@jest/globals';
import { lbfgs } from '../../../src/metrics/latent/lbfgs.js';

const options = { tolerance: 1e-8, iterations: 200 };

describe('L-BFGS', () => {
  it('finds the minimum of a badly scaled quadratic', () => {
    const scales = Array.from({ length: 8 }, (_, i) => 10 ** (i / 2));
    const { at, converged, iterations } = lbfgs(
      (x, gradient) => {
        let value = 0;
        for (const [i, scale] of scales.entries()) {
          value += 0.5 * scale * (x[i]! - i) ** 2;
          gradient[i] = scale * (x[i]! - i);
        }
        return value;
      },
      new Float64Array(8),
      options,
    );
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(100);
    at.forEach((value, i) => expect(value).toBeCloseTo(i, 6));
  });

  it('finds the minimum of a function whose curvature varies: log cosh', () => {
    const { at, value } = lbfgs(
      (x, gradient) => {
        gradient[0] = Math.tanh(x[0]! - 3);
        return Math.log(Math.cosh(x[0]! - 3));
      },
      Float64Array.of(-20),
      options,
    );
    expect(at[0]).toBeCloseTo(3, 7);
    expect(value).toBeCloseTo(0, 12);
  });

  it('says when the iterations ran out, and does nothing at a minimum', () => {
    const square = (x: Float64Array, gradient: Float64Array) => {
      gradient[0] = 4 * x[0]! ** 3;
      return x[0]! ** 4;
    };
    expect(lbfgs(square, Float64Array.of(5), { ...options, iterations: 2 }).converged).toBe(false);
    expect(lbfgs(square, Float64Array.of(0), options)).toMatchObject({ iterations: 0, converged: true });
  });
});
