import { describe, expect, it } from '@jest/globals';
import type { CorruptionSetting, Image } from '../../src/plugin/corruption.js';
import { levelsOf, pixelValues, quantize, roundHalfEven, valuesOfLevels } from '../../src/plugin/pixels.js';
import { levels } from '../corruptions/images.js';

const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const allLevels: Image = {
  shape: [1, 16, 16],
  data: Float32Array.from({ length: 256 }, (_, level) => level / 255),
};

describe('cutting to 8 bits', () => {
  it('goes toward zero and clips, as np.uint8 does after np.clip', () => {
    const cut = quantize(Float64Array.of(-0.5, 0, 0.999 / 255, 127.999 / 255, 254.5 / 255, 1, 3), CIFAR);
    expect(levels(cut)).toEqual([0, 0, 0, 127, 254, 255, 255]);
  });

  it.each([
    { profile: 'mnist', quirks: 'reference' },
    { profile: 'cifar', quirks: 'fixed' },
  ] as const)(
    'goes to the nearest level, halves to the even one, with $quirks quirks of $profile',
    (setting) => {
      const values = Float64Array.of(-0.5, 0.4 / 255, 0.5 / 255, 1.5 / 255, 2.5 / 255, 127.9 / 255, 3);
      expect(levels(quantize(values, setting))).toEqual([0, 0, 0, 2, 2, 128, 255]);
    },
  );

  it('takes what single precision calls a half for one when it rounds, and cuts it as it is', () => {
    const almost = Float64Array.of((1.5 - 1e-12) / 255, (2 - 1e-12) / 255);
    expect(levels(quantize(almost, { profile: 'mnist', quirks: 'reference' }))).toEqual([2, 2]);
    expect(levels(quantize(almost, CIFAR))).toEqual([1, 1]);
  });

  it('keeps all 256 levels of an image that nothing happened to', () => {
    expect(quantize(pixelValues(allLevels), CIFAR)).toEqual(allLevels.data);
  });

  it('keeps a value that is not a number, for the harness to see', () => {
    expect(quantize(Float64Array.of(NaN), CIFAR)).toEqual(Float32Array.of(NaN));
  });
});

describe('the values of an image', () => {
  it('are exact where they are whole levels, and left alone between them', () => {
    expect(Array.from(pixelValues(allLevels))).toEqual(
      Array.from({ length: 256 }, (_, level) => level / 255),
    );
    const between: Image = { shape: [1, 1, 2], data: Float32Array.of(0.5, 0.1001) };
    expect(Array.from(pixelValues(between))).toEqual(Array.from(between.data));
  });

  it('are the nearest levels as bytes, and come back from them', () => {
    expect(Array.from(levelsOf(allLevels))).toEqual(Array.from({ length: 256 }, (_, level) => level));
    expect(valuesOfLevels(levelsOf(allLevels))).toEqual(allLevels.data);
    const between: Image = { shape: [1, 1, 3], data: Float32Array.of(0.5, 1.2, -0.1) };
    expect(Array.from(levelsOf(between))).toEqual([128, 255, 0]);
  });
});

describe('rounding', () => {
  it('takes the even one of two whole numbers as near', () => {
    expect([0.5, 1.5, 2.5, 2.4999, 3.51].map(roundHalfEven)).toEqual([0, 2, 2, 2, 4]);
  });
});
