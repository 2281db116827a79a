import { serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import { GauntletError } from '../../src/errors.js';
import {
  PROFILES,
  QUIRKS,
  severitiesOf,
  type CorruptionPlugin,
  type CorruptionSetting,
  type Image,
  type Profile,
} from '../../src/plugin/corruption.js';
import { listCorruptions, loadCorruption } from '../../src/plugin/registry.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, noisy } from './images.js';

/** The shape of the images a profile was made for; Tiny ImageNet and ImageNet smaller than they are, for the time it takes. */
const HOME: Readonly<Record<Profile, Image['shape']>> = {
  cifar: [3, 32, 32],
  'tiny-imagenet': [3, 32, 32],
  imagenet: [3, 32, 32],
  mnist: [1, 28, 28],
};
/** Shapes that every corruption takes beside the home of its profile, but for those named here with all they take. */
const SHAPES: readonly Image['shape'][] = [
  [1, 28, 28],
  [3, 17, 23],
  [1, 30, 19],
];
const ONLY: Readonly<Record<string, readonly Image['shape'][]>> = {};
/** Shapes that a corruption may refuse, if it says clearly why. */
const STRANGE: readonly Image['shape'][] = [
  [2, 9, 9],
  [3, 2, 5],
  [1, 1, 1],
];

const plugins: CorruptionPlugin[] = [];
for (const { metadata } of listCorruptions()) plugins.push(await loadCorruption(metadata.id));
/** A stand-in for the matrix that does not come with Gauntlet: any will do for what every corruption has to keep. */
const noiseMatrix = Float64Array.from({ length: 196 * 196 }, (_value, i) => Math.sin(i));
const textures = [40, 90, 140, 190, 240].map((level) => flat(level, [3, 300, 300]));

// Global lookups once per value show where tests run them.
const { fround, round } = Math;

interface Case {
  readonly severity: number;
  readonly setting: CorruptionSetting;
}

/** Every severity of every profile a corruption has, with both quirks. */
function casesOf(plugin: CorruptionPlugin): Case[] {
  return PROFILES.flatMap((profile) =>
    severitiesOf(plugin, profile).flatMap((_, i) =>
      QUIRKS.map((quirks) => ({ severity: i + 1, setting: settingOf(plugin, profile, quirks) })),
    ),
  );
}

function settingOf(
  { metadata }: CorruptionPlugin,
  profile: Profile,
  quirks: CorruptionSetting['quirks'],
): CorruptionSetting {
  return {
    ...{ profile, quirks },
    ...(metadata.needs === 'frost-textures' ? { textures } : {}),
    ...(metadata.needs === 'pessimal-noise-matrix' ? { noiseMatrix } : {}),
  };
}

function corrupt(plugin: CorruptionPlugin, image: Image, { severity, setting }: Case, key = 0): Float32Array {
  const parameters = severitiesOf(plugin, setting.profile)[severity - 1]!;
  const random = keyedStream(1, key, plugin.metadata.id);
  return plugin.apply(image, plugin.sample(random, parameters, image.shape, setting), parameters, setting);
}

/** Whether two images have the same values; quicker on so many than toEqual. */
function isSame(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

/** A sentence about the first value that is not a whole grey level in [0, 1]; null when there is none. */
function problemOf(corrupted: Float32Array, image: Image): string | null {
  if (corrupted.length !== image.data.length) return `${corrupted.length} values`;
  for (let at = 0; at < corrupted.length; at++) {
    const value = corrupted[at]!;
    if (!(value >= 0 && value <= 1 && value === fround(round(value * 255) / 255))) return `${value} at ${at}`;
  }
  return null;
}

describe.each(plugins.map((plugin) => [plugin.metadata.id, plugin] as const))('%s', (id, plugin) => {
  const cases = casesOf(plugin);
  const published = cases.filter(({ severity, setting }) => severity === 1 && setting.quirks === 'reference');

  it('has five severities, or one that stands alone, for each profile it knows', () => {
    for (const profile of PROFILES) expect([0, 1, 5]).toContain(severitiesOf(plugin, profile).length);
  });

  it('gives whole grey levels in [0, 1] for every profile, severity and quirk', () => {
    for (const each of cases) {
      const image = noisy(HOME[each.setting.profile]);
      expect([each, problemOf(corrupt(plugin, image, each), image)]).toEqual([each, null]);
    }
  });

  it('works on grey and colour images of odd sizes', () => {
    for (const each of cases.filter(({ setting }) => setting.quirks === 'reference')) {
      for (const shape of ONLY[id] ?? SHAPES) {
        const image = noisy(shape);
        expect([each, shape, problemOf(corrupt(plugin, image, each), image)]).toEqual([each, shape, null]);
      }
    }
  });

  it('works on tiny images and two channels, or names itself, the shape and what it needs', () => {
    for (const each of cases.filter(({ severity }) => severity === 1)) {
      for (const shape of STRANGE) {
        const image = noisy(shape);
        try {
          expect(problemOf(corrupt(plugin, image, each), image)).toBeNull();
        } catch (error) {
          if (!(error instanceof GauntletError)) throw error;
          expect(error.message).toContain(id);
          expect(error.message).toContain(shape.join(', '));
          expect(error.message).toContain('needs');
        }
      }
    }
  });

  it('changes images, but for identity, and neither the array it was given nor what was drawn', () => {
    for (const { severity, setting } of published) {
      const image = noisy(HOME[setting.profile]);
      const before = image.data.slice();
      const parameters = severitiesOf(plugin, setting.profile)[severity - 1]!;
      const drawn = plugin.sample(keyedStream(1, 0, id), parameters, image.shape, setting);
      const drawnBefore = serialize(drawn);
      const corrupted = plugin.apply(image, drawn, parameters, setting);
      expect(isSame(corrupted, before)).toBe(id === 'identity');
      expect(isSame(image.data, before)).toBe(true);
      expect(serialize(drawn).equals(drawnBefore)).toBe(true);
      expect(isSame(plugin.apply(image, drawn, parameters, setting), corrupted)).toBe(true);
    }
  });

  it('draws from its stream alone, if it draws at all', () => {
    for (const each of published) {
      const image = noisy(HOME[each.setting.profile]);
      const first = corrupt(plugin, image, each, 7);
      expect(isSame(corrupt(plugin, image, each, 7), first)).toBe(true);
      // Two keys may draw the same by chance, where there is little to draw.
      const others = [8, 9, 10, 11, 12, 13].map((key) => corrupt(plugin, image, each, key));
      expect(others.every((other) => isSame(other, first))).toBe(!plugin.metadata.stochastic);
    }
  });
});
