import { describe, expect, it } from '@jest/globals';
import { excessOfOptimum } from './excess-of-optimum.js';

const CASES = [
  ['hopskipjump', 'l2'],
  ['hopskipjump', 'linf'],
  ['boundary', 'l2'],
] as const;
const SHAPES = [
  [1, 7, 5],
  [1, 8, 8],
];

describe.each(CASES)('%s in %s at 10,000 queries', (id, norm) => {
  describe.each(SHAPES.map((shape) => ({ shape })))('on inputs of shape $shape', ({ shape }) => {
    it.each([2, 3, 10])(
      'comes within 1.25 of the optimum on every one of 16 examples, %d classes',
      async (numClasses) => {
        const options = { numClasses, count: 16, shape, seed: 23 };
        const found = await excessOfOptimum(id, norm, options, { queries: 10_000 });
        expect(Math.max(...found)).toBeLessThanOrEqual(1.25);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(1 - 1e-5);
      },
      600_000,
    );
  });
});
