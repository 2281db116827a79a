import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNpy } from '../../src/data/npy.js';
import type { Image, Profile } from '../../src/plugin/corruption.js';
import { fixtures } from '../fixtures/external.js';
import { channelsFirst } from './images.js';

/** One image of the published scripts' own output, with what they drew for it. */
export interface GoldenCase {
  readonly corruption: string;
  readonly profile: Profile;
  /** Name of the input: rgb32, real32 (colour, 32 x 32) or gray28 (28 x 28). */
  readonly input: string;
  readonly severity: number;
  readonly image: Image;
  /** Levels 0 to 255, channels first. */
  readonly expected: Float64Array;
  /** Everything drawn, in the order of the calls; empty where nothing is, undefined where it was not recorded. */
  readonly draws: Float64Array | undefined;
}

/** Folder of a profile's outputs, and what the files of its draws begin with. */
const SETS = [
  { profile: 'cifar', folder: 'cifar', prefix: '' },
  { profile: 'mnist', folder: 'mnist', prefix: 'mnist_' },
] as const;
const SHAPES: Readonly<Record<string, Image['shape']>> = {
  rgb32: [3, 32, 32],
  real32: [3, 32, 32],
  gray28: [1, 28, 28],
};

/** `golden/corruptions` of the fixtures; undefined without fixtures. */
const folder = fixtures === undefined ? undefined : join(fixtures, 'golden', 'corruptions');

/** Every recorded output of the published scripts, whether that corruption is built in or not; none without fixtures. */
export function goldenCases(): GoldenCase[] {
  if (folder === undefined) return [];
  return SETS.flatMap(({ profile, folder: set, prefix }) =>
    readdirSync(join(folder, set))
      .sort()
      .flatMap((file) => {
        const [, corruption, input] = /^(\w+)_(rgb32|real32|gray28)\.npy$/.exec(file) ?? [];
        if (corruption === undefined || input === undefined) return [];
        const image = goldenInput(input);
        const size = image.data.length;
        const outputs = read(`${set}/${file}`);
        return Array.from({ length: outputs.length / size }, (_, i): GoldenCase => {
          const draws = `draws/${prefix}${corruption}_s${i + 1}.npy`;
          return {
            ...{ corruption, profile, input, severity: i + 1, image },
            expected: channelsFirst(outputs.subarray(i * size, (i + 1) * size), image.shape),
            draws: existsSync(join(folder, draws)) ? read(draws) : undefined,
          };
        });
      }),
  );
}

export function goldenInput(name: string): Image {
  const shape = SHAPES[name]!;
  const levels = channelsFirst(read(`input_${name}.npy`), shape);
  return { shape, data: Float32Array.from(levels, (level) => level / 255) };
}

/** How much the published scripts change `real32` over 200 seeds, in levels. */
export interface GoldenStatistics {
  readonly severity: number;
  readonly n: number;
  readonly mean_abs: number;
  readonly mean_abs_sd_over_seeds: number;
  readonly mean_diff: number;
  readonly mean_diff_sd: number;
}

/** Those statistics by corruption, with the parameters of CIFAR-10-C; empty without fixtures. */
export function goldenStatistics(): Readonly<Record<string, readonly GoldenStatistics[]>> {
  if (folder === undefined) return {};
  const text = readFileSync(join(folder, 'distribution_stats_cifar_real32.json'), 'utf8');
  return (JSON.parse(text) as { stats: Record<string, GoldenStatistics[]> }).stats;
}

function read(file: string): Float64Array {
  return Float64Array.from(parseNpy(readFileSync(join(folder!, file)), file).data as Float64Array);
}
