import { describe, expect, it } from '@jest/globals';
import brightness from '../../corruptions/brightness.js';
import contrast from '../../corruptions/contrast.js';
import elasticTransform from '../../corruptions/elastic_transform.js';
import jpegCompression from '../../corruptions/jpeg_compression.js';
import pixelate from '../../corruptions/pixelate.js';
import saturate from '../../corruptions/saturate.js';
import type { CorruptionSetting, Image } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { channelsOf, flat, levels, noisy } from './images.js';

const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'reference' };
const FIXED: CorruptionSetting = { profile: 'cifar', quirks: 'fixed' };

const grey = (...values: number[]): Image => ({
  shape: [1, 1, values.length],
  data: Float32Array.from(values, (level) => level / 255),
});
const colour = (...rgb: [number, number, number]): Image => ({
  shape: [3, 1, 1],
  data: Float32Array.from(rgb, (level) => level / 255),
});

describe('contrast', () => {
  it('keeps the given share of the distance from the mean', () => {
    const image = grey(0, 100, 100, 200);
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

describe('brightness', () => {
  it('is added to greys', () => {
    const brighter = brightness.apply(grey(0, 100, 250), null, { amount: 51 / 255 }, FIXED);
    expect(levels(brighter)).toEqual([51, 151, 255]);
    const asColour = brightness.apply(colour(100, 100, 100), null, { amount: 51 / 255 }, FIXED);
    expect(levels(asColour)).toEqual([151, 151, 151]);
  });

  it('scales the channels of a colour together, its strongest up to white, so that the hue stays', () => {
    const doubled = brightness.apply(colour(100, 50, 20), null, { amount: 100 / 255 }, FIXED);
    expect(levels(doubled)).toEqual([200, 100, 40]);
    const full = brightness.apply(colour(100, 50, 20), null, { amount: 1 }, FIXED);
    expect(levels(full)).toEqual([255, 128, 51]);
  });
});

describe('saturate', () => {
  it('moves the channels of a colour away from its strongest, or toward it', () => {
    // Saturations of 0.8 and 0.4 of a value of 200.
    expect(levels(saturate.apply(colour(200, 120, 40), null, { scale: 0.5, shift: 0 }, FIXED))).toEqual([
      200, 160, 120,
    ]);
    expect(levels(saturate.apply(colour(200, 160, 120), null, { scale: 2, shift: 0 }, FIXED))).toEqual([
      200, 120, 40,
    ]);
    expect(levels(saturate.apply(colour(200, 160, 120), null, { scale: 5, shift: 0 }, FIXED))).toEqual([
      200, 100, 0,
    ]);
  });

  it('leaves greys alone but for the shift, which gives them a little red', () => {
    expect(levels(saturate.apply(grey(0, 100, 250), null, { scale: 3, shift: 0 }, FIXED))).toEqual([
      0, 100, 250,
    ]);
    expect(levels(saturate.apply(colour(100, 100, 100), null, { scale: 3, shift: 0.2 }, FIXED))).toEqual([
      100, 80, 80,
    ]);
    // The grey of that red: 0.2125 of 100 and the rest of 80.
    expect(levels(saturate.apply(grey(100), null, { scale: 3, shift: 0.2 }, FIXED))).toEqual([84]);
  });

  it('scales and shifts hue and value as well for MNIST-C, unless quirks are fixed', () => {
    expect(levels(saturate.apply(grey(100, 200), null, { scale: 0.3, shift: 0 }, MNIST))).toEqual([30, 60]);
    expect(levels(saturate.apply(grey(0), null, { scale: 20, shift: 0.2 }, MNIST))).toEqual([50]);
    const fixed = saturate.apply(grey(0, 200), null, { scale: 0.3, shift: 0 }, { ...MNIST, quirks: 'fixed' });
    expect(levels(fixed)).toEqual([0, 200]);
  });
});

describe('pixelate', () => {
  it('gives every square of pixels its mean', () => {
    const image = grey(0, 100, 50, 150);
    const coarse = pixelate.apply({ ...image, shape: [1, 2, 2] }, null, { scale: 0.5 }, CIFAR);
    expect(levels(coarse)).toEqual([75, 75, 75, 75]);
  });

  it('leaves an image alone at the scale 1', () => {
    const image = noisy([3, 7, 5]);
    expect(pixelate.apply(image, null, { scale: 1 }, CIFAR)).toEqual(image.data);
  });

  it('refuses an image that would have no pixels', () => {
    expect(() => pixelate.apply(noisy([3, 20, 3]), null, { scale: 0.25 }, CIFAR)).toThrow(
      'pixelate needs images whose sides times 0.25 are at least 1 pixel; received [channels, height, width] = [3, 20, 3].',
    );
  });
});

describe('JPEG compression', () => {
  it('leaves flat greys as they are at any quality that can tell them apart', () => {
    for (const level of [0, 17, 128, 255]) {
      const image = flat(level, [3, 20, 12]);
      expect(jpegCompression.apply(image, null, { quality: 95 }, CIFAR)).toEqual(image.data);
    }
  });

  it('is further from the image at lower quality', () => {
    const image = noisy([3, 16, 16]);
    const errorAt = (quality: number): number => {
      const compressed = jpegCompression.apply(image, null, { quality }, CIFAR);
      return compressed.reduce((sum, value, i) => sum + Math.abs(value - image.data[i]!), 0);
    };
    expect(errorAt(80)).toBeLessThan(errorAt(40));
    expect(errorAt(40)).toBeLessThan(errorAt(7));
  });
});

describe('elastic transform', () => {
  const still = { corners: new Float64Array(6), right: new Float64Array(400), down: new Float64Array(400) };
  const image = noisy([3, 20, 20]);

  it('leaves an image alone when nothing moves', () => {
    const parameters = { strength: 0, sigma: 0, jitter: 1 };
    expect(elasticTransform.apply(image, still, parameters, FIXED)).toEqual(image.data);
  });

  it('moves the image with its corners, mirrored beyond its edges, or black for MNIST-C', () => {
    const parameters = { strength: 0, sigma: 0, jitter: 1 };
    const corners = Float64Array.of(2, 0, 2, 0, 2, 0);
    const moved = (setting: CorruptionSetting): number[] =>
      levels(elasticTransform.apply(image, { ...still, corners }, parameters, setting));
    const original = levels(image.data);
    const rowOf = (values: number[]): number[] => values.slice(100, 120);
    const row = rowOf(original);
    expect(rowOf(moved(FIXED))).toEqual([row[2], row[1], ...row.slice(0, 18)]);
    expect(rowOf(moved(MNIST))).toEqual([0, 0, ...row.slice(0, 18)]);
  });

  it('reads every pixel where its displacement says', () => {
    const drawn = { ...still, down: new Float64Array(400).fill(1) };
    const parameters = { strength: 3, sigma: 0, jitter: 1 };
    const original = levels(image.data);
    const displaced = levels(elasticTransform.apply(image, drawn, parameters, FIXED));
    expect(displaced.slice(0, 340)).toEqual(original.slice(60, 400));
  });

  it('draws within its jitter', () => {
    const parameters = { strength: 3, sigma: 1, jitter: 0.5 };
    const drawn = elasticTransform.sample(keyedStream(0, 0, 'elastic'), parameters, image.shape, CIFAR);
    expect(drawn.corners.every((place) => Math.abs(place) <= 0.5)).toBe(true);
    expect(drawn.right.every((place) => Math.abs(place) <= 1)).toBe(true);
    expect(Math.max(...drawn.down)).toBeGreaterThan(0.9);
    expect(Math.min(...drawn.down)).toBeLessThan(-0.9);
  });
});

describe('what needs grey or three colours', () => {
  it.each([
    ['brightness', () => brightness.apply(noisy([2, 5, 5]), null, { amount: 0.1 }, CIFAR)],
    ['saturate', () => saturate.apply(noisy([4, 5, 5]), null, { scale: 2, shift: 0 }, CIFAR)],
    ['jpeg_compression', () => jpegCompression.apply(noisy([2, 5, 5]), null, { quality: 50 }, CIFAR)],
  ])('%s says so of others', (id, corrupt) => {
    expect(corrupt).toThrow(
      new RegExp(`^${id} needs images of one channel or three; received .*\\[[24], 5, 5\\]`),
    );
  });
});
