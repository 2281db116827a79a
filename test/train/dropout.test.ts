import { describe, expect, it } from '@jest/globals';
import { dropoutMask } from '../../src/train/dropout.js';

const keys = Array.from({ length: 2000 }, (_, i) => i);

describe('a dropout mask', () => {
  it('holds zeros with the given probability and otherwise one factor, so that the mean is 1', () => {
    const mask = dropoutMask(keys, 10, 0.2, 0, 0);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1.25)]));
    const mean = mask.reduce((sum, value) => sum + value, 0) / mask.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.02);
  });

  it('of an example depends on seed, epoch and key alone', () => {
    const row = (batch: readonly number[], at: number, seed = 0, epoch = 0) => [
      ...dropoutMask(batch, 30, 0.5, seed, epoch).subarray(at * 30, (at + 1) * 30),
    ];
    expect(row([4, 8, 15], 1)).toEqual(row([8], 0));
    expect(row([8], 0)).not.toEqual(row([8], 0, 1));
    expect(row([8], 0)).not.toEqual(row([8], 0, 0, 1));
    expect(row([8], 0)).not.toEqual(row([9], 0));
  });
});
