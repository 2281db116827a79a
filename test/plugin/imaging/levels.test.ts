import { describe, expect, it } from '@jest/globals';
import { equalizeHistogram } from '../../../src/plugin/imaging/equalize.js';
import { grayOf } from '../../../src/plugin/imaging/gray.js';
import { resizedLength, resizeLinear } from '../../../src/plugin/imaging/resize-linear.js';

describe('equalising', () => {
  it('gives every level the share of pixels that are darker or equal, not counting the darkest', () => {
    // 4 of 8 are the darkest; then 1, 2 and 1: 64, 191 (191.25) and 255.
    expect(Array.from(equalizeHistogram(Uint8Array.of(9, 3, 3, 7, 3, 5, 3, 7)))).toEqual([
      255, 0, 0, 191, 0, 64, 0, 191,
    ]);
  });

  it('keeps a picture of one level', () => {
    expect(equalizeHistogram(Uint8Array.of(7, 7, 7))).toEqual(Uint8Array.of(7, 7, 7));
  });
});

describe('luma', () => {
  it('weighs red, green and blue', () => {
    const gray = grayOf(Float64Array.of(1, 0, 0, 0.5, 0, 1, 0, 0.5, 0, 0, 1, 0.5), [3, 2, 2]);
    [0.299, 0.587, 0.114, 0.5].forEach((value, i) => expect(gray[i]).toBeCloseTo(value, 7));
  });

  it('of a grey image is the image', () => {
    const values = Float64Array.of(0.1, 0.2);
    expect(grayOf(values, [1, 1, 2])).toBe(values);
  });
});

describe('resizing linearly', () => {
  const line = (...levels: number[]): Uint8Array => Uint8Array.from(levels);

  it('to a fifth takes the middle pixel of every five by five', () => {
    const levels = Uint8Array.from({ length: 150 }, (_, i) => i);
    expect(Array.from(resizeLinear(levels, [1, 10, 15], 0.2))).toEqual([32, 37, 42, 107, 112, 117]);
  });

  it('to double lies a quarter and three quarters between pixels, and repeats the ends', () => {
    expect(resizeLinear(line(0, 100), [1, 1, 2], 2)).toEqual(line(0, 25, 75, 100, 0, 25, 75, 100));
  });

  it('keeps channels apart and a picture of its own size as it is', () => {
    const levels = line(0, 50, 100, 200, 10, 20, 30, 40);
    expect(resizeLinear(levels, [2, 2, 2], 1)).toEqual(levels);
  });

  it('rounds its size, halves to the even number', () => {
    expect([527, 323, 485].map((length) => resizedLength(length, 0.2))).toEqual([105, 65, 97]);
    expect([5, 7].map((length) => resizedLength(length, 0.5))).toEqual([2, 4]);
  });
});
