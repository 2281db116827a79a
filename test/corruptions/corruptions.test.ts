import { describe, expect, it } from '@jest/globals';
import contrast from '../../corruptions/contrast.js';
import gaussianBlur from '../../corruptions/gaussian_blur.js';
import gaussianNoise from '../../corruptions/gaussian_noise.js';
import {
  severitiesOf,
  type CorruptionPlugin,
  type CorruptionSetting,
  type Image,
} from '../../src/plugin/corruption.js';
import { pixelValues, quantize } from '../../src/plugin/pixels.js';
import { keyedStream } from '../../src/random/keyed.js';
import { channelsOf, flat, levels, noisy } from './images.js';

const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const plugins = [contrast, gaussianBlur, gaussianNoise] as unknown as CorruptionPlugin[];

function corrupt(plugin: CorruptionPlugin, image: Image, severity: number, key = 0): Float32Array {
  const parameters = severitiesOf(plugin, 'cifar')[severity - 1]!;
  const drawn = plugin.sample(keyedStream(1, key, plugin.metadata.id), parameters, image.shape, CIFAR);
  return plugin.apply(image, drawn, parameters, CIFAR);
}

describe.each(plugins.map((plugin) => [plugin.metadata.id, plugin] as const))('%s', (_, plugin) => {
  const shapes: Image['shape'][] = [
    [1, 28, 28],
    [3, 32, 32],
    [3, 2, 5],
    [1, 1, 1],
  ];

  it('gives whole grey levels in [0, 1] at all five severities, for grey and colour images of any size', () => {
    for (const shape of shapes) {
      for (let severity = 1; severity <= 5; severity++) {
        const image = noisy(shape);
        const corrupted = corrupt(plugin, image, severity);
        expect(corrupted.length).toBe(image.data.length);
        expect(corrupted.every((value) => value === Math.fround(Math.round(value * 255) / 255))).toBe(true);
        expect(corrupted.every((value) => value >= 0 && value <= 1)).toBe(true);
      }
    }
  });

  it('changes an image of random levels, and not the array it was given', () => {
    const image = noisy([3, 32, 32]);
    const before = image.data.slice();
    expect(corrupt(plugin, image, 1)).not.toEqual(before);
    expect(image.data).toEqual(before);
  });

  it('draws from its stream alone, if it draws at all', () => {
    const image = noisy([1, 28, 28]);
    expect(corrupt(plugin, image, 3, 7)).toEqual(corrupt(plugin, image, 3, 7));
    const other = corrupt(plugin, image, 3, 8);
    if (plugin.metadata.stochastic) expect(other).not.toEqual(corrupt(plugin, image, 3, 7));
    else expect(other).toEqual(corrupt(plugin, image, 3, 7));
  });
});

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

  it('keeps all 256 levels of an image that nothing happened to', () => {
    const image: Image = {
      shape: [1, 16, 16],
      data: Float32Array.from({ length: 256 }, (_, level) => level / 255),
    };
    expect(quantize(pixelValues(image), CIFAR)).toEqual(image.data);
  });

  it('leaves values between levels alone until then', () => {
    const image: Image = { shape: [1, 1, 2], data: Float32Array.of(0.5, 0.1001) };
    expect(Array.from(pixelValues(image))).toEqual(Array.from(image.data));
  });
});

describe('contrast', () => {
  it('keeps the given share of the distance from the mean', () => {
    const image: Image = { shape: [1, 1, 4], data: Float32Array.of(0, 100 / 255, 100 / 255, 200 / 255) };
    expect(levels(contrast.apply(image, null, { factor: 0.5 }, CIFAR))).toEqual([50, 100, 100, 150]);
    expect(levels(contrast.apply(image, null, { factor: 0 }, CIFAR))).toEqual([100, 100, 100, 100]);
  });

  it('takes the mean of each channel by itself', () => {
    const image = noisy([3, 8, 8]);
    const separate = channelsOf(image).flatMap((channel) =>
      Array.from(contrast.apply(channel, null, { factor: 0.3 }, CIFAR)),
    );
    expect(Array.from(contrast.apply(image, null, { factor: 0.3 }, CIFAR))).toEqual(separate);
  });
});

describe('gaussian blur', () => {
  it('leaves a flat image flat, edges included, up to the cut to 8 bits', () => {
    for (const level of [0, 100, 255]) {
      const blurred = levels(corrupt(plugins[1]!, flat(level), 5));
      expect(Math.min(...blurred)).toBeGreaterThanOrEqual(level - 1);
      expect(Math.max(...blurred)).toBeLessThanOrEqual(level);
    }
  });

  it('turns a point into the normalised Gaussian, the same in rows and columns', () => {
    const data = new Float32Array(81);
    data[40] = 1;
    const blurred = gaussianBlur.apply({ shape: [1, 9, 9], data }, null, { sigma: 1 }, CIFAR);
    const weight = (distance: number): number => Math.exp(-(distance ** 2) / 2) / 2.5066268;
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 9; x++) {
        expect(levels(blurred)[9 * y + x]).toBe(Math.trunc(255 * weight(x - 4) * weight(y - 4)));
      }
    }
  });

  it('does not mix channels', () => {
    const image = noisy([3, 10, 7]);
    const separate = channelsOf(image).flatMap((channel) =>
      Array.from(gaussianBlur.apply(channel, null, { sigma: 1 }, CIFAR)),
    );
    expect(Array.from(gaussianBlur.apply(image, null, { sigma: 1 }, CIFAR))).toEqual(separate);
  });
});

describe('gaussian noise', () => {
  it('has the standard deviation of its severity and, cut to 8 bits, a mean of minus half a level', () => {
    severitiesOf(gaussianNoise, 'cifar').forEach(({ sigma }) => {
      const image = flat(128, [3, 64, 64]);
      const drawn = gaussianNoise.sample(keyedStream(2, 0, 'noise'), { sigma }, image.shape, CIFAR);
      const changes = levels(gaussianNoise.apply(image, drawn, { sigma }, CIFAR)).map((level) => level - 128);
      const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
      const variance = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / changes.length;
      expect(Math.abs(mean + 0.5)).toBeLessThan((4 * sigma * 255) / Math.sqrt(changes.length));
      expect(Math.sqrt(variance) / (sigma * 255)).toBeCloseTo(1, 1);
    });
  });

  it('adds what was drawn, value by value', () => {
    const image: Image = { shape: [1, 1, 3], data: Float32Array.of(0.2, 0.2, 0.2) };
    const drawn = Float64Array.of(0.4, -0.4, 2);
    expect(levels(gaussianNoise.apply(image, drawn, { sigma: 0.1 }, CIFAR))).toEqual([153, 0, 255]);
  });
});
