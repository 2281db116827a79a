import { describe, expect, it } from '@jest/globals';
import gaussianNoise from '../../corruptions/gaussian_noise.js';
import impulseNoise from '../../corruptions/impulse_noise.js';
import shotNoise from '../../corruptions/shot_noise.js';
import speckleNoise from '../../corruptions/speckle_noise.js';
import { severitiesOf, type CorruptionSetting, type Image } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { kolmogorovDistance, normalCumulative, poissonCumulative } from './distributions.js';
import { flat, levels } from './images.js';

const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'reference' };
const SHAPE: Image['shape'] = [3, 64, 64];
const COUNT = 3 * 64 * 64;
/** A Kolmogorov distance this large has a probability of 1 in 1000. */
const DISTANCE = 1.95 / Math.sqrt(COUNT);

const stream = (key: number): ReturnType<typeof keyedStream> => keyedStream(3, key, 'noise');

function momentsOf(values: ArrayLike<number>): { mean: number; variance: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    squares += values[i]! ** 2;
  }
  const mean = sum / values.length;
  return { mean, variance: squares / values.length - mean ** 2 };
}

describe('gaussian noise', () => {
  it.each(severitiesOf(gaussianNoise, 'cifar'))('is normal with a deviation of $sigma', ({ sigma }) => {
    const noise = gaussianNoise.sample(stream(0), { sigma }, SHAPE, CIFAR);
    expect(kolmogorovDistance(noise, (value) => normalCumulative(value / sigma))).toBeLessThan(DISTANCE);
  });

  it('is added value by value, then cut to 8 bits, half a level toward black on average', () => {
    const image: Image = { shape: [1, 1, 3], data: Float32Array.of(0.2, 0.2, 0.2) };
    const added = gaussianNoise.apply(image, Float64Array.of(0.4, -0.4, 2), { sigma: 0.1 }, CIFAR);
    expect(levels(added)).toEqual([153, 0, 255]);
    const noise = gaussianNoise.sample(stream(1), { sigma: 0.08 }, SHAPE, CIFAR);
    const { mean } = momentsOf(levels(gaussianNoise.apply(flat(128, SHAPE), noise, { sigma: 0.08 }, CIFAR)));
    expect(Math.abs(mean - 127.5)).toBeLessThan((4 * 0.08 * 255) / Math.sqrt(COUNT));
  });

  it('is rounded and not cut with the quirks of MNIST-C, and with fixed ones', () => {
    const image: Image = { shape: [1, 1, 1], data: Float32Array.of(0.2) };
    const drawn = Float64Array.of(0.7 / 255);
    const levelIn = (setting: CorruptionSetting): number[] =>
      levels(gaussianNoise.apply(image, drawn, { sigma: 0.1 }, setting));
    expect(levelIn(CIFAR)).toEqual([51]);
    expect(levelIn(MNIST)).toEqual([52]);
    expect(levelIn({ profile: 'cifar', quirks: 'fixed' })).toEqual([52]);
  });
});

describe('speckle noise', () => {
  it.each(severitiesOf(speckleNoise, 'cifar'))('is normal with a deviation of $sigma', ({ sigma }) => {
    const shares = speckleNoise.sample(stream(2), { sigma }, SHAPE, CIFAR);
    expect(kolmogorovDistance(shares, (value) => normalCumulative(value / sigma))).toBeLessThan(DISTANCE);
  });

  it('is a share of the value, so that black stays black', () => {
    const image: Image = { shape: [1, 1, 4], data: Float32Array.of(0, 0.2, 0.4, 0.8) };
    const shares = Float64Array.of(0.5, 0.5, -0.5, 0.5);
    expect(levels(speckleNoise.apply(image, shares, { sigma: 0.1 }, CIFAR))).toEqual([0, 76, 51, 255]);
  });
});

describe('shot noise', () => {
  it.each([
    { photons: 50, level: 255 },
    { photons: 12, level: 100 },
    { photons: 3, level: 30 },
  ])('counts as a Poisson law does at level $level of $photons photons', ({ photons, level }) => {
    const mean = (level / 255) * photons;
    const counts = countsOf(photons, level, 3);
    const distance = kolmogorovDistance(counts, poissonCumulative(mean));
    expect(distance).toBeLessThan(DISTANCE);
    const { mean: observed, variance } = momentsOf(counts);
    expect(Math.abs(observed - mean)).toBeLessThan(4 * Math.sqrt(mean / COUNT));
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt((2 + 1 / mean) / COUNT));
  });

  it('leaves black black, and draws the same whatever the image is', () => {
    const drawn = shotNoise.sample(stream(4), { photons: 5 }, SHAPE, CIFAR);
    const black = shotNoise.apply(flat(0, SHAPE), drawn, { photons: 5 }, CIFAR);
    expect(black.every((value) => value === 0)).toBe(true);
    expect(drawn.every((probability) => probability >= 0 && probability < 1)).toBe(true);
  });

  it('is larger where more is drawn, and works between grey levels', () => {
    const image: Image = { shape: [1, 1, 3], data: Float32Array.of(0.3001, 0.3001, 0.3001) };
    const [low, middle, high] = shotNoise.apply(
      image,
      Float64Array.of(0.01, 0.5, 0.99),
      { photons: 50 },
      MNIST,
    );
    expect(low).toBeLessThan(middle!);
    expect(middle).toBeLessThan(high!);
    // The median of a Poisson law of mean 15.005 is 15, of 50 at white: level 76.5, and 76 is even.
    expect(levels([middle!])).toEqual([76]);
  });

  /** Counts at that level, as often as the shape has values. */
  function countsOf(photons: number, level: number, key: number): Float64Array {
    const dim = photons * 4;
    const drawn = shotNoise.sample(stream(key), { photons }, SHAPE, CIFAR);
    // A quarter of the brightness and four times the photons is the same law, far from the clip.
    const image: Image = { shape: SHAPE, data: new Float32Array(COUNT).fill(level / 255 / 4) };
    const values = shotNoise.apply(image, drawn, { photons: dim }, { profile: 'mnist', quirks: 'reference' });
    return Float64Array.from(values, (value) => Math.round(value * dim));
  }
});

describe('impulse noise', () => {
  it.each(severitiesOf(impulseNoise, 'cifar'))('replaces a share of $amount, half by white', ({ amount }) => {
    const drawn = impulseNoise.sample(stream(5), { amount }, SHAPE, CIFAR);
    const corrupted = levels(impulseNoise.apply(flat(128, SHAPE), drawn, { amount }, CIFAR));
    const changed = corrupted.filter((level) => level !== 128);
    const white = changed.filter((level) => level === 255);
    const black = changed.filter((level) => level === 0);
    expect(white.length + black.length).toBe(changed.length);
    expect(Math.abs(changed.length / COUNT - amount)).toBeLessThan(
      4 * Math.sqrt((amount * (1 - amount)) / COUNT),
    );
    expect(Math.abs(white.length / changed.length - 0.5)).toBeLessThan(2 / Math.sqrt(changed.length));
  });

  it('strikes the channels of a pixel by themselves', () => {
    const drawn = impulseNoise.sample(stream(6), { amount: 0.5 }, SHAPE, CIFAR);
    const area = 64 * 64;
    let together = 0;
    for (let i = 0; i < area; i++) if (drawn[i]! >= 0 && drawn[area + i]! >= 0) together++;
    expect(Math.abs(together / area - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / area));
  });
});
