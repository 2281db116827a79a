import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { miniBatches, splitValidation } from '../../src/train/batches.js';

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('the validation split', () => {
  it('divides the training examples in two without loss or overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 100 }),
        seed,
        (rest, held, s) => {
          const { fit, validation } = splitValidation(rest + held, held, s);
          expect(validation).toHaveLength(held);
          expect([...fit, ...validation].sort((a, b) => a - b)).toEqual(
            Array.from({ length: rest + held }, (_, i) => i),
          );
        },
      ),
    );
  });

  it('is another one for another seed', () => {
    expect(splitValidation(1000, 100, 0).validation).not.toEqual(splitValidation(1000, 100, 1).validation);
  });

  it('is not the first or last examples', () => {
    const { validation } = splitValidation(1000, 100, 0);
    const mean = validation.reduce((sum, index) => sum + index, 0) / validation.length;
    expect(mean).toBeGreaterThan(400);
    expect(mean).toBeLessThan(600);
  });
});

describe('mini-batches', () => {
  it('hold every index once, in batches of the given size but the last', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(10_000), { maxLength: 200 }),
        fc.integer({ min: 1, max: 64 }),
        seed,
        (indices, size, s) => {
          const batches = [...miniBatches(Uint32Array.from(indices), size, s, 0)];
          expect(batches.flat().sort((a, b) => a - b)).toEqual(indices.sort((a, b) => a - b));
          expect(batches.slice(0, -1).every((batch) => batch.length === size)).toBe(true);
        },
      ),
    );
  });

  it('come in an order fixed by seed and epoch', () => {
    const indices = Uint32Array.from({ length: 100 }, (_, i) => i);
    const order = (s: number, epoch: number) => [...miniBatches(indices, 7, s, epoch)].flat();
    expect(order(0, 3)).toEqual(order(0, 3));
    expect(order(0, 3)).not.toEqual(order(0, 4));
    expect(order(0, 3)).not.toEqual(order(1, 3));
  });
});
