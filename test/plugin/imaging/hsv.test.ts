import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHsv, toHsv } from '../../../src/plugin/imaging/hsv.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('hue, saturation, value', () => {
  it.each([
    ['red', [1, 0, 0], [0, 1, 1]],
    ['yellow', [1, 1, 0], [1 / 6, 1, 1]],
    ['dark green', [0, 0.5, 0], [2 / 6, 1, 0.5]],
    ['cyan', [0, 1, 1], [3 / 6, 1, 1]],
    ['pale blue', [0.5, 0.5, 1], [4 / 6, 0.5, 1]],
    ['magenta', [1, 0, 1], [5 / 6, 1, 1]],
    ['black', [0, 0, 0], [0, 0, 0]],
    ['grey', [0.4, 0.4, 0.4], [0, 0, 0.4]],
  ])('of %s', (_name, rgb, hsv) => {
    const actual = Array.from(toHsv(Float64Array.from(rgb), [3, 1, 1]));
    actual.forEach((value, i) => expect(value).toBeCloseTo(hsv[i]!, 12));
  });

  it('give the colour back', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 3, maxLength: 3 }), (rgb) => {
        const hsv = toHsv(Float64Array.from(rgb), [3, 1, 1]);
        expect(hsv.every((value) => value >= 0 && value <= 1)).toBe(true);
        fromHsv(hsv, 3).forEach((value, i) => expect(value).toBeCloseTo(rgb[i]!, 12));
      }),
    );
  });

  it('of a grey image are its values, exactly, there and back', () => {
    const values = Float64Array.from({ length: 256 }, (_, level) => level / 255);
    const hsv = toHsv(values, [1, 16, 16]);
    expect(hsv.subarray(0, 512).every((value) => value === 0)).toBe(true);
    expect(fromHsv(hsv, 1)).toEqual(values);
  });
});
