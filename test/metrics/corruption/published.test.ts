import { describe, expect, it } from '@jest/globals';
import {
  publishedBaseline,
  publishedHash,
  publishedIds,
  publishedSums,
} from '../../../src/metrics/corruption/baselines/published.js';
import { corruptionError, meanCorruptionError } from '../../../src/metrics/corruption/corruption-error.js';
import { meanUnnormalisedError } from '../../../src/metrics/corruption/error-sums.js';
import { meanRelativeCorruptionError } from '../../../src/metrics/corruption/relative-error.js';
import { shares } from './errors.js';

const alexnet = publishedBaseline('alexnet')!;

describe('the published errors of AlexNet', () => {
  it('are of the fifteen corruptions of ImageNet-C, counted on 50,000 images at five severities', () => {
    const errors = Object.values(alexnet.errors);
    expect(errors).toHaveLength(15);
    for (const error of errors) {
      const counted = error * 5 * 50_000;
      expect(Math.abs(counted - Math.round(counted))).toBeLessThan(1e-6);
    }
  });

  it('have the mean that is reported with them', () => {
    expect(meanUnnormalisedError(publishedSums(alexnet))).toBeCloseTo(0.78899, 4);
  });

  it('are an mCE and a relative mCE of 1 against themselves', () => {
    const sums = publishedSums(alexnet);
    expect(meanCorruptionError(sums, sums).value).toBe(1);
    expect(meanRelativeCorruptionError(sums, sums).value).toBe(1);
  });

  it('normalise a model measured at the five severities and no other', () => {
    const half = (severities: number) =>
      shares(0.2, { fog: Array<number>(severities).fill(alexnet.errors['fog']! / 2) });
    expect(corruptionError('fog', half(5), publishedSums(alexnet)).value).toBeCloseTo(0.5, 12);
    expect(corruptionError('fog', half(3), publishedSums(alexnet)).value).toBeNull();
  });

  it('have an id and a hash that changes with any figure', () => {
    expect(publishedIds).toContain('alexnet');
    expect(publishedHash(alexnet)).toMatch(/^[0-9a-f]{64}$/);
    const other = { ...alexnet, errors: { ...alexnet.errors, fog: 0.8 } };
    expect(publishedHash(other)).not.toBe(publishedHash(alexnet));
  });
});
