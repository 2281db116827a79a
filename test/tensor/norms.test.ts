import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distance, dualNorm, magnitude, type ConvexNorm } from '../../src/tensor/norms.js';
import { NORMS } from '../../src/plugin/threat.js';

const a = Float32Array.of(0, 1, 0.5, -2);
const b = Float32Array.of(0, 4, 0.5, 2);

describe('distance', () => {
  it.each([
    ['linf', 4],
    ['l2', 5],
    ['l1', 7],
    ['l0', 2],
  ] as const)('in %s of (0, 3, 0, 4) is %d', (norm, expected) => {
    expect(distance(norm, a, b)).toBe(expected);
    expect(distance(norm, b, a)).toBe(expected);
    expect(distance(norm, a, a)).toBe(0);
  });

  it('is accumulated in float64: a float32 sum would lose the small terms', () => {
    const values = new Float32Array(10_001).fill(2 ** -12);
    values[0] = 4096;
    expect(distance('l1', values, new Float32Array(10_001))).toBe(4096 + 10_000 * 2 ** -12);
    expect(distance('l2', Float32Array.of(3e38, 3e38), new Float32Array(2))).toBeCloseTo(
      Math.fround(3e38) * Math.SQRT2,
      -30,
    );
  });

  it('is NaN when a coordinate is NaN, in every norm', () => {
    for (const norm of NORMS) {
      expect(distance(norm, Float32Array.of(NaN, 9), Float32Array.of(1, 2))).toBeNaN();
      expect(distance(norm, Float32Array.of(9, NaN, 1), Float32Array.of(1, 2, 3))).toBeNaN();
    }
  });
});

describe('the dual norm', () => {
  const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 4, maxLength: 4 });

  it.each(Object.keys(dualNorm) as ConvexNorm[])('of %s bounds every inner product (Hoelder)', (norm) => {
    fc.assert(
      fc.property(vector, vector, (g, d) => {
        const inner = Math.abs(g.reduce((sum, value, i) => sum + value * d[i]!, 0));
        const bound = magnitude(dualNorm[norm], Float64Array.from(g)) * magnitude(norm, Float64Array.from(d));
        expect(inner).toBeLessThanOrEqual(bound * (1 + 1e-12));
      }),
    );
  });
});
