import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bootstrapIntervals } from '../../../src/metrics/corruption/bootstrap.js';
import { quantile } from '../../../src/metrics/resample.js';
import { corruptionError, meanCorruptionError } from '../../../src/metrics/corruption/corruption-error.js';
import { meanUnnormalisedError, type ErrorSums } from '../../../src/metrics/corruption/error-sums.js';
import type { ImageErrors } from '../../../src/metrics/corruption/image-errors.js';
import { keyedStream } from '../../../src/random/keyed.js';
import { someImageErrors } from './errors.js';

const meanError = ([sums]: readonly ErrorSums[]) => [meanUnnormalisedError(sums!)];

/** A model that is wrong at all of five severities or at none, on `wrong` of `images` images. */
const allOrNone = (wrong: number, images: number): ImageErrors => ({
  images,
  clean: null,
  corruptions: new Map([
    ['noise', { severities: 5, errors: Uint8Array.from({ length: images }, (_v, i) => (i < wrong ? 5 : 0)) }],
  ]),
});

describe('a bootstrap interval over images', () => {
  it('is the same for the same errors', () => {
    fc.assert(
      fc.property(someImageErrors, (errors) => {
        expect(bootstrapIntervals([errors], meanError, 50)).toEqual(
          bootstrapIntervals([errors], meanError, 50),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('counts images, not outcomes: severities that fail together tell as much as one of them', () => {
    const [interval] = bootstrapIntervals([allOrNone(60, 200)], meanError);
    const half = 1.96 * Math.sqrt((0.3 * 0.7) / 200);
    expect(interval!.lower).toBeCloseTo(0.3 - half, 1);
    expect(interval!.upper).toBeCloseTo(0.3 + half, 1);
    expect(interval!.upper - interval!.lower).toBeGreaterThan(1.8 * half);
    expect(interval!.upper - interval!.lower).toBeLessThan(2.2 * half);
  });

  it('is paired: a model has exactly the errors of itself in every resample', () => {
    const model = allOrNone(60, 200);
    const figures = (sums: readonly ErrorSums[]) => [meanCorruptionError(sums[0]!, sums[1]!).value];
    expect(bootstrapIntervals([model, model], figures)).toEqual([{ lower: 1, upper: 1 }]);
  });

  it('of several statistics is that of each of them', () => {
    const model = allOrNone(60, 200);
    const both = bootstrapIntervals([model], ([sums]) => [
      meanUnnormalisedError(sums!),
      1 - meanUnnormalisedError(sums!),
    ]);
    expect(both[0]).toEqual(bootstrapIntervals([model], meanError)[0]);
    expect(both[1]!.lower).toBeCloseTo(1 - both[0]!.upper, 12);
  });

  it('is none where the statistic has no value in some resample', () => {
    const figures = (sums: readonly ErrorSums[]) => [corruptionError('noise', sums[0]!, sums[1]!).value];
    expect(bootstrapIntervals([allOrNone(3, 10), allOrNone(1, 10)], figures)).toEqual([null]);
  });

  it('holds the true mean in about 95 of 100 samples of dependent severities', () => {
    const thresholds = [0.1, 0.2, 0.3, 0.5, 0.6];
    const truth = thresholds.reduce((sum, t) => sum + t, 0) / thresholds.length;
    let held = 0;
    for (let sample = 0; sample < 200; sample++) {
      const difficulty = keyedStream(1, sample, 'coverage').fillUniform(new Float64Array(100));
      const errors = Uint8Array.from(difficulty, (u) => thresholds.filter((t) => u <= t).length);
      const model = {
        images: 100,
        clean: null,
        corruptions: new Map([['noise', { severities: 5, errors }]]),
      };
      const [interval] = bootstrapIntervals([model], meanError, 300);
      if (interval!.lower <= truth && truth <= interval!.upper) held += 1;
    }
    expect(held / 200).toBeGreaterThan(0.9);
    expect(held / 200).toBeLessThan(0.99);
  });
});

describe('a quantile', () => {
  it('lies linearly between the values around it', () => {
    expect(quantile([1, 2, 4], 0)).toBe(1);
    expect(quantile([1, 2, 4], 1)).toBe(4);
    expect(quantile([1, 2, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 4], 0.75)).toBe(3);
    expect(quantile([7], 0.3)).toBe(7);
  });
});
