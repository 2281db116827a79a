import { describe, expect, it } from '@jest/globals';
import { BATCH } from '../../../src/graph/ir.js';
import { einsum } from './cases/linear.js';
import { buildFunction, gradientGraph } from './gradient-check.js';

describe('the gradient of Einsum', () => {
  it.each(['bii->bi', 'bii->b', 'b...ii->b...'])(
    'is blocked for %s, which takes a diagonal',
    async (equation) => {
      const forward = buildFunction(einsum(equation, [[BATCH, 3, 3]]), [], {});
      await expect(gradientGraph(forward, ['a'])).rejects.toMatchObject({
        key: 'GRADIENT_BLOCKED',
        message: expect.stringMatching(/Einsum.*diagonal/) as unknown,
      });
    },
  );
});
