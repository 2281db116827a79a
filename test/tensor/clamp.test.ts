import { describe, expect, it } from '@jest/globals';
import { clamp } from '../../src/tensor/clamp.js';

describe('clamp', () => {
  it.each([
    [-2, -1],
    [-1, -1],
    [0.5, 0.5],
    [1, 1],
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
  ])('takes %d to %d in [-1, 1]', (value, expected) => {
    expect(clamp(value, -1, 1)).toBe(expected);
  });
});
