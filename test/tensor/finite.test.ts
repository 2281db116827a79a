import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allFinite } from '../../src/tensor/finite.js';

describe('allFinite', () => {
  it('is true for any finite floats, denormals and extremes included', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true }), (values) => {
        expect(allFinite(values)).toBe(true);
      }),
    );
    expect(allFinite(Float64Array.of(5e-324, 1.7976931348623157e308, -0))).toBe(true);
  });

  it.each([NaN, Infinity, -Infinity])('is false where one value is %s, wherever it stands', (value) => {
    fc.assert(
      fc.property(fc.nat(9), (place) => {
        const values = new Float32Array(10);
        values[place] = value;
        expect(allFinite(values)).toBe(false);
      }),
    );
  });
});
