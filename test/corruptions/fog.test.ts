import { describe, expect, it } from '@jest/globals';
import fog from '../../corruptions/fog.js';
import type { CorruptionSetting, Image } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, levels, noisy } from './images.js';

const FIXED: CorruptionSetting = { profile: 'cifar', quirks: 'fixed' };
const PARAMETERS = { strength: 1, decay: 2 };
const draw = (shape: Image['shape'], setting: CorruptionSetting) =>
  fog.sample(keyedStream(1, 0, 'fog'), PARAMETERS, shape, setting);

describe('fog', () => {
  it('adds the map and scales the sum back to the brightest value', () => {
    // The map of plasma.test.ts: 1/3, 2/3, 0, 1.
    const image: Image = { shape: [1, 2, 2], data: Float32Array.of(0, 100 / 255, 200 / 255, 200 / 255) };
    const m = 200 / 255;
    const expected = [1 / 3, 100 / 255 + 2 / 3, m, m + 1].map((sum) => Math.round((sum * m * 255) / (m + 1)));
    expect(levels(fog.apply(image, Float64Array.of(0.02, 0, -0.02), PARAMETERS, FIXED))).toEqual(expected);
  });

  it('never goes beyond the brightest value, and leaves a black image black', () => {
    const image = flat(100, [3, 32, 32]);
    expect(Math.max(...levels(fog.apply(image, draw(image.shape, FIXED), PARAMETERS, FIXED)))).toBe(100);
    const black = flat(0, [3, 32, 32]);
    expect(fog.apply(black, draw(black.shape, FIXED), PARAMETERS, FIXED)).toEqual(black.data);
  });

  it('lies on every channel alike', () => {
    const grey = noisy([1, 32, 32]);
    const colour: Image = {
      shape: [3, 32, 32],
      data: Float32Array.of(...grey.data, ...grey.data, ...grey.data),
    };
    const drawn = draw(grey.shape, FIXED);
    const foggy = fog.apply(grey, drawn, PARAMETERS, FIXED);
    expect(fog.apply(colour, drawn, PARAMETERS, FIXED)).toEqual(
      Float32Array.of(...foggy, ...foggy, ...foggy),
    );
  });

  it.each([
    ['cifar', 'reference', 32, 32],
    ['tiny-imagenet', 'reference', 64, 64],
    ['imagenet', 'reference', 224, 256],
    ['mnist', 'reference', 28, 256],
    ['mnist', 'fixed', 28, 32],
    ['cifar', 'reference', 33, 64],
    ['cifar', 'fixed', 1, 2],
  ] as const)(
    'of %s, with %s quirks, draws for an image of %d pixels a map of %d',
    (profile, quirks, side, size) => {
      expect(draw([1, side, side], { profile, quirks })).toHaveLength(size * size - 1);
    },
  );
});
