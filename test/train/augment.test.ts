import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { augmented } from '../../src/train/augment.js';

const SHAPE = [2, 3, 4];
const SIZE = 24;

/** Images whose every element is another positive number. */
const images = (count: number) => Float32Array.from({ length: count * SIZE }, (_, i) => i + 1);

/** Element (channel, y, x) of an image; zero outside. */
function pixel(image: Float32Array, channel: number, y: number, x: number): number {
  const inside = y >= 0 && y < SHAPE[1]! && x >= 0 && x < SHAPE[2]!;
  return inside ? image[(channel * SHAPE[1]! + y) * SHAPE[2]! + x]! : 0;
}

/** Every way to shift an image by at most `crop` pixels either way, and to mirror it. */
function variants(image: Float32Array, crop: number, flip: boolean): string[] {
  const shifts = Array.from({ length: 2 * crop + 1 }, (_, i) => i - crop);
  return shifts.flatMap((down) =>
    shifts.flatMap((right) =>
      (flip ? [false, true] : [false]).map((mirrored) =>
        Array.from({ length: SIZE }, (_, i) => {
          const [channel, y, x] = [Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4];
          return pixel(image, channel, y + down, (mirrored ? 3 - x : x) + right);
        }).join(),
      ),
    ),
  );
}

const augment = (keys: readonly number[], spec: { flip?: boolean; crop?: number }, seed = 0, epoch = 0) =>
  augmented(images(keys.length), keys, SHAPE, spec, seed, epoch);

describe('augmentation', () => {
  it('gives each image shifted, mirrored or both, the same in every channel', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.nat(1000), (crop, flip, epoch) => {
        const keys = [5, 9, 2];
        const found = augment(keys, { ...(crop > 0 && { crop }), flip }, 0, epoch);
        keys.forEach((_, i) => {
          const original = images(keys.length).subarray(i * SIZE, (i + 1) * SIZE);
          const one = found.subarray(i * SIZE, (i + 1) * SIZE).join();
          expect(variants(original, crop, flip)).toContain(one);
        });
      }),
    );
  });

  it('takes every shift and both sides in time', () => {
    const seen = new Set(
      Array.from({ length: 400 }, (_, epoch) => augment([0], { crop: 1, flip: true }, 0, epoch).join()),
    );
    expect(seen.size).toBe(18);
  });

  it('of an image depends on seed, epoch and key, not on what else is in the batch', () => {
    const spec = { crop: 3, flip: true };
    const alone = augment([7], spec);
    const among = augmented(
      Float32Array.from([...images(1).map((value) => -value), ...images(1)]),
      [3, 7],
      SHAPE,
      spec,
      0,
      0,
    );
    expect([...among.subarray(SIZE)]).toEqual([...alone]);
    const others = [1, 2, 3, 4].map((n) => augment([7], spec, n).join() + augment([7], spec, 0, n).join());
    expect(new Set(others).size).toBeGreaterThan(1);
  });

  it('leaves the images alone where nothing is asked for', () => {
    expect(augment([0, 1], { flip: false })).toEqual(images(2));
  });
});
