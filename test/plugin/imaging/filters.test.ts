import { describe, expect, it } from '@jest/globals';
import type { Image } from '../../../src/plugin/corruption.js';
import { correlate } from '../../../src/plugin/imaging/correlate.js';
import { edgeSources, type Edge } from '../../../src/plugin/imaging/edges.js';
import { gaussianBlur } from '../../../src/plugin/imaging/gaussian-blur.js';
import { motionBlur } from '../../../src/plugin/imaging/motion-blur.js';
import { clippedZoom } from '../../../src/plugin/imaging/zoom.js';
import { keyedStream } from '../../../src/random/keyed.js';

const SHAPE: Image['shape'] = [2, 7, 9];
const values = keyedStream(0, 0, 'filters').fillUniform(new Float64Array(2 * 7 * 9));

/** The Gaussian blur by its definition: a sum over the whole kernel for every pixel. */
function slowBlur(sigma: number, truncate: number, edge: Edge, horizontal: boolean): Float64Array {
  const [channels, height, width] = SHAPE;
  const radius = Math.floor(truncate * sigma + 0.5);
  const places = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  const weights = places.map((place) => Math.exp(-(place ** 2) / (2 * sigma ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rows = edgeSources(height, radius, edge);
  const columns = edgeSources(width, radius, edge);
  const out = new Float64Array(channels * height * width);
  out.forEach((_, i) => {
    const [channel, y, x] = [Math.floor(i / 63), Math.floor(i / 9) % 7, i % 9];
    places.forEach((down, a) => {
      (horizontal ? places : [0]).forEach((right, b) => {
        const [row, column] = [rows[y + down + radius]!, columns[x + right + radius]!];
        if (row < 0 || column < 0) return;
        const weight = horizontal ? weights[a]! * weights[b]! : weights[a]! * total;
        out[i]! += (weight / total ** 2) * values[channel * 63 + row * 9 + column]!;
      });
    });
  });
  return out;
}

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i]!, 12);
};

describe('the Gaussian blur', () => {
  it.each([
    { sigma: 0.4, truncate: 4, edge: 'nearest' },
    { sigma: 1.3, truncate: 4, edge: 'zero' },
    { sigma: 6, truncate: 3, edge: 'reflect' },
  ] as const)('is the weighted sum it is defined as, sigma $sigma, $edge', ({ sigma, truncate, edge }) => {
    expectClose(
      gaussianBlur(values, SHAPE, sigma, { truncate, edge }),
      slowBlur(sigma, truncate, edge, true),
    );
    expectClose(
      gaussianBlur(values, SHAPE, sigma, { truncate, edge, axes: 'vertical' }),
      slowBlur(sigma, truncate, edge, false),
    );
  });

  it('with a deviation of 0 is a copy', () => {
    const copy = gaussianBlur(values, SHAPE, 0);
    expect(copy).toEqual(values);
    expect(copy).not.toBe(values);
  });
});

describe('correlation', () => {
  it('reads below and to the right of each pixel what its taps say', () => {
    const image = Float64Array.of(1, 2, 3, 4, 5, 6);
    const taps = [
      { down: 0, right: 0, weight: 10 },
      { down: 1, right: -1, weight: 1 },
    ];
    expect(Array.from(correlate(image, [1, 2, 3], taps, 'zero'))).toEqual([10, 24, 35, 40, 50, 60]);
    expect(Array.from(correlate(image, [1, 2, 3], taps, 'nearest'))).toEqual([14, 24, 35, 44, 54, 65]);
  });
});

describe('the motion blur', () => {
  it('rounds to 8 bits on request, where it cuts by default', () => {
    // Levels 0 and 1 alternate: with as good as equal weights every sum is near a half.
    const levels = Uint8Array.from({ length: 40 }, (_, i) => (i % 4 < 3 ? 1 : 0));
    const blur = { radius: 9.5, sigma: 1000, angle: 0 };
    expect(Math.max(...motionBlur(levels, [1, 1, 40], blur).subarray(0, 18))).toBe(0);
    expect(Math.min(...motionBlur(levels, [1, 1, 40], { ...blur, to8Bits: 'nearest' }).subarray(0, 18))).toBe(
      1,
    );
  });
});

describe('the clipped zoom', () => {
  it('doubles the middle by linear interpolation, ends upon ends', () => {
    // The middle three of six pixels, 1 2 3, become six: places 0, 0.4, ..., 2 of them.
    const line = Float64Array.of(0, 1, 2, 3, 4, 5);
    const row = clippedZoom(line, [1, 1, 6], 2, new Float64Array(6));
    expectClose(row, [1, 1.4, 1.8, 2.2, 2.6, 3]);
    expectClose(clippedZoom(line, [1, 6, 1], 2, new Float64Array(6)), row);
  });

  it('changes nothing at the factor 1, and works on a single pixel', () => {
    expectClose(clippedZoom(values, SHAPE, 1, new Float64Array(values.length)), values);
    expectClose(clippedZoom(Float64Array.of(0.3), [1, 1, 1], 1.7, new Float64Array(1)), [0.3]);
  });
});
