import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import contrast, { lowerContrast } from '../../corruptions/contrast.js';
import gaussianBlurPlugin, { gaussianBlur } from '../../corruptions/gaussian_blur.js';
import gaussianNoise from '../../corruptions/gaussian_noise.js';
import { parseNpy } from '../../src/data/npy.js';
import { severitiesOf, type CorruptionSetting, type Image } from '../../src/plugin/corruption.js';
import { pixelValues } from '../../src/plugin/pixels.js';
import { keyedStream } from '../../src/random/keyed.js';
import { fixtures } from '../fixtures/external.js';

/**
 * The reference's own output (make_cifar_c.py of hendrycks/robustness 8190fe3 with recorded draws), in
 * `golden/corruptions` of the fixtures.
 */
const onFixtures = fixtures === undefined ? describe.skip : describe;
const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const INPUTS = ['rgb32', 'real32'];
const SHAPE = [3, 32, 32] as const;
const VALUES = 3 * 32 * 32;

const golden = (file: string): ArrayLike<number> => {
  const path = join(fixtures!, 'golden', 'corruptions', file);
  return parseNpy(readFileSync(path), file).data as Float64Array;
};

/** Values stored channels last, as channels first. */
const channelsFirst = (values: ArrayLike<number>): Float64Array<ArrayBuffer> =>
  Float64Array.from({ length: VALUES }, (_, i) => values[(i % 1024) * 3 + Math.floor(i / 1024)]!);

const inputOf = (name: string): Image => ({
  shape: SHAPE,
  data: Float32Array.from(channelsFirst(golden(`input_${name}.npy`)), (level) => level / 255),
});

/** The reference's image of a severity, in levels 0..255, channels first. */
const expectedOf = (file: string, severity: number): Float64Array => {
  const all = golden(`cifar/${file}.npy`) as Float32Array;
  return channelsFirst(all.slice((severity - 1) * VALUES, severity * VALUES));
};

const levels = (image: Float32Array): number[] => Array.from(image, (value) => Math.round(value * 255));
const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((largest, gap) => Math.max(largest, gap), 0);

const cases = INPUTS.flatMap((input) => [1, 2, 3, 4, 5].map((severity) => [input, severity] as const));

onFixtures('against the reference (skipped without GAUNTLET_FIXTURES)', () => {
  it.each(cases)('contrast of %s at severity %d is equal to the level', (input, severity) => {
    const image = inputOf(input);
    const parameters = severitiesOf(contrast, 'cifar')[severity - 1]!;
    const exact = lowerContrast(pixelValues(image), SHAPE, parameters.factor).map((value) => value * 255);
    expect(largestGap(exact, expectedOf(`contrast_${input}_f32`, severity))).toBeLessThan(1e-3);
    const corrupted = levels(contrast.apply(image, null, parameters, CIFAR));
    expect(largestGap(corrupted, expectedOf(`contrast_${input}`, severity))).toBe(0);
  });

  it.each(cases)('gaussian blur of %s at severity %d is equal to the level', (input, severity) => {
    const image = inputOf(input);
    const parameters = severitiesOf(gaussianBlurPlugin, 'cifar')[severity - 1]!;
    const exact = gaussianBlur(pixelValues(image), SHAPE, parameters.sigma).map((value) => value * 255);
    expect(largestGap(exact, expectedOf(`gaussian_blur_${input}_f32`, severity))).toBeLessThan(1e-3);
    const corrupted = levels(gaussianBlurPlugin.apply(image, null, parameters, CIFAR));
    expect(largestGap(corrupted, expectedOf(`gaussian_blur_${input}`, severity))).toBe(0);
  });

  it.each(INPUTS)('gaussian noise on %s from the recorded draws is equal to the level', (input) => {
    const drawn = channelsFirst(golden('draws/gaussian_noise_s3.npy'));
    const corrupted = levels(
      gaussianNoise.apply(inputOf(input), drawn, severitiesOf(gaussianNoise, 'cifar')[2]!, CIFAR),
    );
    expect(largestGap(corrupted, expectedOf(`gaussian_noise_${input}`, 3))).toBe(0);
  });

  it('gaussian noise changes an image as much as the reference does, over 200 seeds', () => {
    const path = join(fixtures!, 'golden', 'corruptions', 'distribution_stats_cifar_real32.json');
    const { stats } = JSON.parse(readFileSync(path, 'utf8')) as {
      stats: Record<
        string,
        Record<'severity' | 'mean_abs' | 'mean_abs_sd_over_seeds' | 'mean_diff' | 'mean_diff_sd', number>[]
      >;
    };
    const image = inputOf('real32');
    const clean = levels(image.data);
    for (const reference of stats.gaussian_noise!) {
      const parameters = severitiesOf(gaussianNoise, 'cifar')[reference.severity - 1]!;
      let [absolute, signed] = [0, 0];
      for (let key = 0; key < 200; key++) {
        const drawn = gaussianNoise.sample(keyedStream(0, key, 'noise'), parameters, SHAPE, CIFAR);
        levels(gaussianNoise.apply(image, drawn, parameters, CIFAR)).forEach((level, i) => {
          absolute += Math.abs(level - clean[i]!) / VALUES / 200;
          signed += (level - clean[i]!) / VALUES / 200;
        });
      }
      // Both means are over 200 seeds, hence the square root of two.
      const spread = 4 * Math.SQRT2;
      const within = (deviation: number): number => (spread * deviation) / Math.sqrt(200);
      expect(Math.abs(absolute - reference.mean_abs)).toBeLessThan(within(reference.mean_abs_sd_over_seeds));
      expect(Math.abs(signed - reference.mean_diff)).toBeLessThan(within(reference.mean_diff_sd));
    }
  });
});
