import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resampleAffine } from '../../../src/plugin/imaging/affine.js';
import { noisy } from '../../corruptions/images.js';

const STILL = { xx: 1, xy: 0, yx: 0, yy: 1 };
const entry = fc.double({ min: -2, max: 2, noNaN: true });

describe('an affine warp', () => {
  it('that maps every pixel to itself changes nothing', () => {
    for (const shape of [
      [1, 28, 28],
      [3, 2, 5],
      [1, 1, 1],
    ] as const) {
      const values = Float64Array.from(noisy(shape).data);
      expect(resampleAffine(values, shape, STILL)).toEqual(values);
    }
  });

  it('samples a plane exactly, as bilinear interpolation does, at the places its matrix names from the centre', () => {
    const [height, width] = [9, 12];
    fc.assert(
      fc.property(entry, entry, entry, entry, entry, entry, (xx, xy, yx, yy, shiftX, shiftY) => {
        const plane = (x: number, y: number): number => 0.2 + 0.03 * x - 0.01 * y;
        const values = Float64Array.from({ length: height * width }, (_, i) =>
          plane(i % width, Math.floor(i / width)),
        );
        const out = resampleAffine(values, [1, height, width], { xx, xy, yx, yy, shiftX, shiftY });
        out.forEach((value, i) => {
          const [x, y] = [(i % width) - 5.5, Math.floor(i / width) - 4];
          const [fromX, fromY] = [xx * x + xy * y + shiftX + 5.5, yx * x + yy * y + shiftY + 4];
          if (fromX >= 0 && fromX <= width - 1 && fromY >= 0 && fromY <= height - 1) {
            expect(Math.abs(value - plane(fromX, fromY))).toBeLessThan(1e-9);
          } else if (fromX < -1 || fromX > width || fromY < -1 || fromY > height) {
            expect(value).toBe(0);
          }
        });
      }),
      { seed: 1 },
    );
  });

  it('fades into black over the last pixel', () => {
    const values = Float64Array.of(1, 1, 1);
    expect(Array.from(resampleAffine(values, [1, 1, 3], { ...STILL, shiftX: 0.25 }))).toEqual([1, 1, 0.75]);
    expect(Array.from(resampleAffine(values, [1, 1, 3], { ...STILL, shiftX: -1.5 }))).toEqual([0, 0.5, 1]);
  });

  it('treats every channel alike', () => {
    const map = { xx: 0.8, xy: 0.3, yx: -0.1, yy: 1.2, shiftX: 0.4 };
    const values = Float64Array.from(noisy([3, 7, 5]).data);
    const separate = [0, 1, 2].flatMap((c) =>
      Array.from(resampleAffine(values.subarray(35 * c, 35 * (c + 1)), [1, 7, 5], map)),
    );
    expect(Array.from(resampleAffine(values, [3, 7, 5], map))).toEqual(separate);
  });
});
