import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  flipProbability,
  flipRate,
  flipReference,
  meanFlipRate,
} from '../../../src/metrics/corruption/flip-rate.js';

describe('the flip probability', () => {
  it('counts changes from frame to frame, from the second on, over clips', () => {
    expect(flipProbability({ frames: 4, predictions: [1, 1, 2, 2, 3, 4, 3, 4] }, 'previous')).toBe(
      (1 + 3) / 6,
    );
  });

  it('of noise counts frames that differ from the first', () => {
    expect(flipProbability({ frames: 4, predictions: [1, 1, 2, 2, 3, 4, 3, 4] }, 'first')).toBe((2 + 2) / 6);
    expect(['gaussian_noise', 'shot_noise_2', 'speckle_noise'].map(flipReference)).toEqual(
      Array(3).fill('first'),
    );
    expect(['motion_blur', 'tilt', 'snow'].map(flipReference)).toEqual(Array(3).fill('previous'));
  });

  it('of a constant prediction is 0, and of one that always changes 1', () => {
    const clips = fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 6 }), fc.nat(9));
    fc.assert(
      fc.property(clips, ([frames, count, label]) => {
        const constant = new Int32Array(frames * count).fill(label);
        const changing = constant.map((_v, i) => i);
        for (const reference of ['previous', 'first'] as const) {
          expect(flipProbability({ frames, predictions: constant }, reference)).toBe(0);
          expect(flipProbability({ frames, predictions: changing }, reference)).toBe(1);
        }
      }),
    );
  });

  it('never compares frames of two clips', () => {
    expect(flipProbability({ frames: 2, predictions: [1, 1, 2, 2, 3, 3] }, 'previous')).toBe(0);
  });

  it.each([
    [1, [1, 2]],
    [2, []],
    [2, [1, 2, 3]],
  ])('of no whole clips of %p frames is refused', (frames, predictions) => {
    expect(() => flipProbability({ frames, predictions }, 'first')).toThrow(RangeError);
  });
});

describe('the flip rate', () => {
  it("is a multiple of the baseline's flip probability, and has a mean over perturbations", () => {
    expect(flipRate(0.1, 0.4)).toEqual({ value: 0.25 });
    expect(meanFlipRate({ snow: 0.1, tilt: 0.3 }, { snow: 0.4, tilt: 0.4, fog: 1 })).toEqual({
      value: expect.closeTo(0.5, 12),
    });
  });

  it('has no value against predictions that never flip, or against none', () => {
    expect(flipRate(0.1, 0)).toEqual({ value: null, reason: "the baseline's predictions never flip" });
    expect(meanFlipRate({ snow: 0.1 }, {})).toEqual({
      value: null,
      reason: 'snow: the baseline has no clips of it',
    });
  });
});
