import { describe, expect, it } from '@jest/globals';
import defocusBlur from '../../corruptions/defocus_blur.js';
import gaussianBlur from '../../corruptions/gaussian_blur.js';
import glassBlur from '../../corruptions/glass_blur.js';
import motionBlur from '../../corruptions/motion_blur.js';
import zoomBlur from '../../corruptions/zoom_blur.js';
import { severitiesOf, type CorruptionSetting, type Image } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { kolmogorovDistance } from './distributions.js';
import { channelsOf, flat, levels, noisy } from './images.js';

const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'reference' };
const FIXED_MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'fixed' };
const FIXED_CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'fixed' };
const IMAGENET: CorruptionSetting = { profile: 'imagenet', quirks: 'reference' };

/** A white pixel in the middle of a black square of that side. */
function point(side: number): Image {
  const data = new Float32Array(side * side);
  data[(side * side - 1) / 2] = 1;
  return { shape: [1, side, side], data };
}

/** The image with rows and columns exchanged. */
function transposed({ shape: [channels, height, width], data }: Image): Image {
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const [channel, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    out[(channel * width + x) * height + y] = data[i]!;
  }
  return { shape: [channels, width, height], data: out };
}

describe('gaussian blur', () => {
  it('leaves a flat image flat, edges included, up to the cut to 8 bits', () => {
    for (const level of [0, 100, 255]) {
      const blurred = levels(gaussianBlur.apply(flat(level), null, { sigma: 1 }, CIFAR));
      expect(Math.min(...blurred)).toBeGreaterThanOrEqual(level - 1);
      expect(Math.max(...blurred)).toBeLessThanOrEqual(level);
      expect(levels(gaussianBlur.apply(flat(level), null, { sigma: 1 }, FIXED_CIFAR))).toEqual(
        levels(flat(level).data),
      );
    }
  });

  it('turns a point into the normalised Gaussian, the same in rows and columns', () => {
    const blurred = levels(gaussianBlur.apply(point(9), null, { sigma: 1 }, CIFAR));
    const weight = (distance: number): number => Math.exp(-(distance ** 2) / 2) / 2.5066268;
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 9; x++) {
        expect(blurred[9 * y + x]).toBe(Math.trunc(255 * weight(x - 4) * weight(y - 4)));
      }
    }
  });

  it('keeps to the columns as MNIST-C does, unless quirks are fixed', () => {
    const marks = (setting: CorruptionSetting): number[] =>
      levels(gaussianBlur.apply(point(9), null, { sigma: 1 }, setting)).flatMap((level, i) =>
        level > 0 ? [i % 9] : [],
      );
    expect(new Set(marks(MNIST))).toEqual(new Set([4]));
    expect(new Set(marks(FIXED_MNIST))).toEqual(new Set([2, 3, 4, 5, 6]));
  });

  it('does not mix channels', () => {
    const image = noisy([3, 10, 7]);
    const separate = channelsOf(image).flatMap((channel) =>
      Array.from(gaussianBlur.apply(channel, null, { sigma: 1 }, CIFAR)),
    );
    expect(Array.from(gaussianBlur.apply(image, null, { sigma: 1 }, CIFAR))).toEqual(separate);
  });
});

describe('defocus blur', () => {
  it('turns a point into a disk', () => {
    const disk = levels(defocusBlur.apply(point(21), null, { radius: 4, rim: 0.1 }, IMAGENET));
    // 49 whole points lie within 4 of the center.
    const inside = (i: number): boolean => (Math.floor(i / 21) - 10) ** 2 + ((i % 21) - 10) ** 2 <= 16;
    disk.forEach((level, i) => expect(level).toBe(inside(i) ? Math.trunc(255 / 49) : 0));
  });

  it('brightens by about a percent where the disk outgrows its kernel, unless quirks are fixed', () => {
    const wide = severitiesOf(defocusBlur, 'imagenet')[4]!;
    const flat128 = flat(128, [1, 64, 64]);
    expect(new Set(levels(defocusBlur.apply(flat128, null, wide, IMAGENET)))).toEqual(new Set([129]));
    const fixed = defocusBlur.apply(flat128, null, wide, { ...IMAGENET, quirks: 'fixed' });
    expect(new Set(levels(fixed))).toEqual(new Set([128]));
  });

  it('is the same for rows as for columns', () => {
    const image = noisy([3, 12, 20]);
    const there = defocusBlur.apply(transposed(image), null, { radius: 3, rim: 0.1 }, MNIST);
    const here = defocusBlur.apply(image, null, { radius: 3, rim: 0.1 }, MNIST);
    expect(Array.from(transposed({ shape: [3, 20, 12], data: there }).data)).toEqual(Array.from(here));
  });
});

describe('motion blur', () => {
  it('smears along its direction alone, to one side', () => {
    const streak = levels(motionBlur.apply(point(21), 0, { radius: 5, sigma: 3 }, CIFAR));
    streak.forEach((level, i) => {
      // The taps lie to the right of each pixel, so the point shows up to its left.
      if (level > 0) expect([Math.floor(i / 21), i % 21 <= 10]).toEqual([10, true]);
    });
    expect(streak[10 * 21 + 10]).toBeGreaterThan(streak[10 * 21 + 9]!);
    expect(streak[10 * 21 + 5]).toBeGreaterThan(0);
  });

  it('goes down a diagonal at 45 degrees', () => {
    const streak = levels(motionBlur.apply(point(21), 45, { radius: 5, sigma: 3 }, CIFAR));
    streak.forEach((level, i) => {
      if (level > 0) expect(i % 21).toBe(Math.floor(i / 21));
    });
  });

  it('leaves flat images as they are', () => {
    const image = flat(200, [3, 9, 11]);
    expect(motionBlur.apply(image, 17, { radius: 10, sigma: 3 }, CIFAR)).toEqual(image.data);
  });

  it('draws directions uniformly within 45 degrees of the horizontal', () => {
    const angles = Array.from({ length: 2000 }, (_, key) =>
      motionBlur.sample(keyedStream(0, key, 'angle'), { radius: 6, sigma: 1 }, [3, 32, 32], CIFAR),
    );
    expect(kolmogorovDistance(angles, (angle) => (angle + 45) / 90)).toBeLessThan(1.95 / Math.sqrt(2000));
  });
});

describe('glass blur', () => {
  const parameters = { sigma: 0.05, reach: 1, passes: 1 };
  const image = noisy([3, 12, 12]);
  const draw = (setting: CorruptionSetting, key = 0) =>
    glassBlur.sample(keyedStream(0, key, 'glass'), parameters, image.shape, setting);

  it('only exchanges pixels when there is no blur to speak of, colours together, with fixed quirks', () => {
    const shuffled = glassBlur.apply(image, draw(FIXED_CIFAR), parameters, FIXED_CIFAR);
    const pixels = (values: ArrayLike<number>): string[] =>
      Array.from({ length: 144 }, (_, i) => [0, 144, 288].map((at) => values[at + i]).join()).sort();
    expect(Array.from(shuffled)).not.toEqual(Array.from(image.data));
    expect(pixels(shuffled)).toEqual(pixels(image.data));
  });

  it('copies pixels of CIFAR and ImageNet instead, as their scripts do, and so loses some', () => {
    const moves = new Int8Array(2 * 100);
    moves[0] = -1;
    const copied = glassBlur.apply(image, moves, parameters, CIFAR);
    const [first, left] = [11 * 12 + 11, 11 * 12 + 10];
    const expected = image.data.slice();
    for (const channel of [0, 144, 288]) expected[channel + first] = expected[channel + left]!;
    expect(copied).toEqual(expected);
    const exchanged = glassBlur.apply(image, moves, parameters, MNIST);
    for (const channel of [0, 144, 288]) expected[channel + left] = image.data[channel + first]!;
    expect(exchanged).toEqual(expected);
  });

  it('draws every step of its reach as often, and for MNIST-C lets half of the pixels stay', () => {
    const long = { sigma: 1, reach: 2, passes: 3 };
    const steps = glassBlur.sample(keyedStream(0, 1, 'glass'), long, [3, 40, 40], CIFAR);
    expect(steps.length).toBe(2 * 3 * 36 * 36);
    for (const step of [-2, -1, 0, 1]) {
      const share = steps.filter((each) => each === step).length / steps.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / steps.length));
    }
    const tossed = glassBlur.sample(keyedStream(0, 1, 'glass'), long, [3, 40, 40], MNIST);
    const turns = tossed.length / 2;
    const still = Array.from({ length: turns }, (_, i) => i).filter(
      (i) => tossed[2 * i] === 0 && tossed[2 * i + 1] === 0,
    );
    // One half by the coin, one in sixteen of the others by its move.
    expect(Math.abs(still.length / turns - (0.5 + 0.5 / 16))).toBeLessThan(4 * Math.sqrt(0.25 / turns));
  });

  it('blurs down the columns alone for MNIST-C, unless quirks are fixed', () => {
    const still = new Int8Array(10000);
    const columns = (setting: CorruptionSetting): Set<number> =>
      new Set(
        levels(glassBlur.apply(point(15), still, { sigma: 1, reach: 1, passes: 1 }, setting)).flatMap(
          (level, i) => (level > 0 ? [i % 15] : []),
        ),
      );
    expect(columns(MNIST)).toEqual(new Set([7]));
    expect(columns(FIXED_MNIST).size).toBeGreaterThan(3);
  });
});

describe('zoom blur', () => {
  it('is the image itself with the factor 1 alone', () => {
    const image = noisy([3, 9, 14]);
    const zoomed = zoomBlur.apply(image, null, { step: 0.01, count: 1 }, FIXED_CIFAR);
    expect(zoomed).toEqual(image.data);
  });

  it('leaves flat images flat, up to the cut to 8 bits', () => {
    const zoomed = levels(zoomBlur.apply(flat(128, [3, 20, 20]), null, { step: 0.01, count: 26 }, CIFAR));
    expect(zoomed.every((level) => level === 127 || level === 128)).toBe(true);
  });

  it('changes the rim more than the middle', () => {
    const image = noisy([1, 41, 41]);
    const zoomed = zoomBlur.apply(image, null, { step: 0.01, count: 12 }, CIFAR);
    const changes = zoomed.map((value, i) => Math.abs(value - image.data[i]!));
    const near = changes.filter((_, i) => Math.hypot(Math.floor(i / 41) - 20, (i % 41) - 20) < 4);
    const far = changes.filter((_, i) => Math.hypot(Math.floor(i / 41) - 20, (i % 41) - 20) > 16);
    const mean = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(far)).toBeGreaterThan(1.3 * mean(near));
  });
});
