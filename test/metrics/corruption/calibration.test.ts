import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CALIBRATION_BINS,
  calibrationOf,
  calibrationOfBins,
  type Confident,
} from '../../../src/metrics/corruption/calibration.js';

const examples = (...list: [confidence: number, correct: boolean][]): Confident[] =>
  list.map(([confidence, correct]) => ({ confidence, correct }));

describe('calibration', () => {
  it('is perfect where accuracy equals confidence in every bin', () => {
    const half = examples([0.5, true], [0.5, false], [1, true], [1, true]);
    expect(calibrationOf(half)).toMatchObject({ confidence: 0.75, error: 0 });
  });

  it('is off by the gap of each bin, weighted by its share of the examples', () => {
    const found = calibrationOf(examples([0.9, true], [0.9, false], [0.9, false], [0.6, true]));
    expect(found.error).toBeCloseTo((3 * (0.9 - 1 / 3) + 1 * (1 - 0.6)) / 4, 12);
    expect(found.confidence).toBeCloseTo((3 * 0.9 + 0.6) / 4, 12);
  });

  it('lets no gap of one bin make up for that of another', () => {
    expect(calibrationOf(examples([0.9, false], [0.1, true])).error).toBeCloseTo(0.9, 12);
  });

  it('puts a confidence on an edge into the bin below, 0 and 1 into the outermost', () => {
    const { bins } = calibrationOf(examples([0, false], [1 / 15, false], [0.0667, false], [1, true]));
    expect(bins.n).toEqual([2, 1, ...Array<number>(12).fill(0), 1]);
    expect(bins.correct.at(-1)).toBe(1);
  });

  it('of no examples is 0', () => {
    expect(calibrationOf([])).toMatchObject({ confidence: 0, error: 0 });
  });

  it('lies in [0, 1], does not exceed the largest gap, and follows from the sums of its bins', () => {
    const example = fc.record({
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      correct: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(example, { minLength: 1, maxLength: 60 }), (list) => {
        const { bins, ...figures } = calibrationOf(list);
        expect(bins.n).toHaveLength(CALIBRATION_BINS);
        expect(calibrationOfBins(bins)).toEqual(figures);
        const gaps = list.map(({ confidence, correct }) => Math.abs(Number(correct) - confidence));
        expect(figures.error).toBeLessThanOrEqual(Math.max(...gaps) + 1e-9);
        const accuracy = list.filter(({ correct }) => correct).length / list.length;
        expect(figures.error).toBeGreaterThanOrEqual(Math.abs(accuracy - figures.confidence) - 1e-9);
      }),
    );
  });
});
