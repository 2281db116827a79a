import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { learningRateAt, penaltyAt } from '../../src/train/schedules.js';

const rate = fc.double({ min: 1e-6, max: 1, noNaN: true });
const epochs = fc.integer({ min: 1, max: 1000 });

describe('the learning rate', () => {
  it('stays what it is when constant', () => {
    fc.assert(
      fc.property(rate, epochs, (initial, last) => {
        expect(learningRateAt({ kind: 'constant' }, initial, last, last)).toBe(initial);
      }),
    );
  });

  it('follows half a cosine from the initial rate to the floor', () => {
    const cosine = { kind: 'cosine', floor: 0.1 } as const;
    expect(learningRateAt(cosine, 2, 0, 40)).toBe(2);
    expect(learningRateAt(cosine, 2, 10, 40)).toBeCloseTo(2 * (0.1 + 0.9 * ((1 + Math.SQRT1_2) / 2)), 14);
    expect(learningRateAt(cosine, 2, 20, 40)).toBeCloseTo(2 * 0.55, 14);
    expect(learningRateAt(cosine, 2, 40, 40)).toBeCloseTo(0.2, 14);
  });

  it('never rises along the cosine', () => {
    const point = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(rate, epochs, point, point, (initial, last, a, b) => {
        const at = (t: number) => learningRateAt({ kind: 'cosine', floor: 0 }, initial, t * last, last);
        expect(at(Math.min(a, b))).toBeGreaterThanOrEqual(at(Math.max(a, b)));
      }),
    );
  });

  it('is multiplied by the factor at the epoch of the first step and at every later one', () => {
    const halving = { kind: 'step', after: 250, every: 50, factor: 0.5 } as const;
    const at = (epoch: number) => learningRateAt(halving, 8, epoch, 800);
    expect([0, 249.99, 250, 299.99, 300, 799.99].map(at)).toEqual([8, 8, 4, 4, 2, 8 * 0.5 ** 11]);
  });
});

describe('the penalty', () => {
  it('grows by its factor after every epoch', () => {
    expect([0, 1, 2].map((epoch) => penaltyAt({ initial: 0.01, growth: 1.05, cap: 1e6 }, epoch))).toEqual([
      0.01,
      0.01 * 1.05,
      0.01 * 1.05 ** 2,
    ]);
  });

  it('reaches the cap of the paper, 10^6, in epoch 378 and stays there', () => {
    const paper = { initial: 0.01, growth: 1.05, cap: 1e6 };
    expect(penaltyAt(paper, 377)).toBeLessThan(1e6);
    expect(penaltyAt(paper, 378)).toBe(1e6);
    expect(penaltyAt(paper, 799)).toBe(1e6);
  });
});
