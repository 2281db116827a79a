import { describe, expect, it } from '@jest/globals';
import { engineBatchFor } from '../../src/classifier/engine-batch.js';

describe('engineBatchFor', () => {
  it.each([
    ['a small CNN of 64 channels of 28 x 28', 64 * 28 * 28, 32],
    ['a ResNet of 64 channels of 32 x 32', 64 * 32 * 32, 32],
    ['an MLP of 1024 units', 1024, 512],
    ['a network of 64 channels of 112 x 112', 64 * 112 * 112, 4],
    ['no values at all', 0, 512],
  ])('gives %s pieces that stay in the cache', (_title, widest, expected) => {
    expect(engineBatchFor(widest)).toBe(expected);
  });
});
