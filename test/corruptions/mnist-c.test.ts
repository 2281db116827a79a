import { describe, expect, it } from '@jest/globals';
import cannyEdges from '../../corruptions/canny_edges.js';
import dottedLine from '../../corruptions/dotted_line.js';
import identity from '../../corruptions/identity.js';
import inverse from '../../corruptions/inverse.js';
import line from '../../corruptions/line.js';
import pessimalNoise from '../../corruptions/pessimal_noise.js';
import quantise from '../../corruptions/quantize.js';
import rotate from '../../corruptions/rotate.js';
import scale from '../../corruptions/scale.js';
import shear from '../../corruptions/shear.js';
import stripe from '../../corruptions/stripe.js';
import translate from '../../corruptions/translate.js';
import zigzag from '../../corruptions/zigzag.js';
import type { CorruptionPlugin, CorruptionSetting, Image } from '../../src/plugin/corruption.js';
import { severitiesOf } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { channelsOf, flat, levels, noisy } from './images.js';

/** Not the learned matrix of pessimal noise, but one of its size. */
const noiseMatrix = keyedStream(3, 0, 'matrix').fillNormal(new Float32Array(196 * 196));
const MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'reference', noiseMatrix };
const shape28 = [1, 28, 28] as const;
const plugins = [
  ...[cannyEdges, dottedLine, identity, inverse, line, pessimalNoise, quantise],
  ...[rotate, scale, shear, stripe, translate, zigzag],
] as unknown as CorruptionPlugin[];
const SHAPES: readonly Image['shape'][] = [shape28, [3, 32, 32], [1, 33, 21], [3, 2, 5], [1, 1, 1]];

function corrupt(plugin: CorruptionPlugin, image: Image, severity: number, key = 0): Float32Array {
  const parameters = severitiesOf(plugin, 'mnist')[severity - 1]!;
  const drawn = plugin.sample(keyedStream(1, key, plugin.metadata.id), parameters, image.shape, MNIST);
  return plugin.apply(image, drawn, parameters, MNIST);
}

describe.each(plugins.map((plugin) => [plugin.metadata.id, plugin] as const))('%s', (id, plugin) => {
  it('has severities in the profile of MNIST-C alone', () => {
    expect(Object.keys(plugin.severities)).toEqual(['mnist']);
  });

  it('gives whole grey levels in [0, 1] at every severity, for grey and colour images of any size', () => {
    for (const shape of SHAPES) {
      const image = noisy(shape);
      severitiesOf(plugin, 'mnist').forEach((_, i) => {
        for (const key of [0, 1, 2]) {
          const corrupted = corrupt(plugin, image, i + 1, key);
          expect(corrupted.length).toBe(image.data.length);
          expect(corrupted.every((value) => value === Math.fround(Math.round(value * 255) / 255))).toBe(true);
          expect(corrupted.every((value) => value >= 0 && value <= 1)).toBe(true);
        }
      });
    }
  });

  it('treats every channel alike', () => {
    for (const shape of [
      [3, 28, 28],
      [3, 9, 14],
    ] as const) {
      const image = noisy(shape);
      const separate = channelsOf(image).flatMap((channel) => Array.from(corrupt(plugin, channel, 1, 5)));
      expect(Array.from(corrupt(plugin, image, 1, 5))).toEqual(separate);
    }
  });

  it(`${id === 'identity' ? 'keeps' : 'changes'} an image, and does not touch the array it was given`, () => {
    const image = noisy(shape28);
    const before = image.data.slice();
    const corrupted = corrupt(plugin, image, 1);
    if (id === 'identity') expect(corrupted).toEqual(before);
    else expect(corrupted).not.toEqual(before);
    expect(image.data).toEqual(before);
    expect(corrupted.buffer).not.toBe(image.data.buffer);
  });

  it(plugin.metadata.stochastic ? 'draws from its stream alone' : 'draws nothing', () => {
    const image = noisy(shape28);
    expect(corrupt(plugin, image, 1, 7)).toEqual(corrupt(plugin, image, 1, 7));
    const others = Array.from({ length: 8 }, (_, key) => levels(corrupt(plugin, image, 1, key)).join());
    expect(new Set(others).size > 1).toBe(plugin.metadata.stochastic);
  });
});

describe('inverse', () => {
  it('takes every level from 255, and back', () => {
    const once: Image = { shape: shape28, data: inverse.apply(noisy(shape28), null, {}, MNIST) };
    expect(levels(once.data)).toEqual(levels(noisy(shape28).data).map((level) => 255 - level));
    expect(inverse.apply(once, null, {}, MNIST)).toEqual(noisy(shape28).data);
  });
});

describe('stripe', () => {
  it('inverts columns 0 to 6 and 21 to 27 of 28', () => {
    const row = levels(stripe.apply(flat(40), null, {}, MNIST)).slice(28 * 13, 28 * 14);
    expect(row.map((level) => (level === 215 ? '#' : level === 40 ? '.' : '?')).join('')).toBe(
      '#######..............#######',
    );
  });

  it('is as wide on the left as on the right where a quarter is no whole number of columns', () => {
    const row = levels(stripe.apply(flat(0, [1, 1, 10]), null, {}, MNIST));
    expect(row.map((level) => level / 255)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 1, 1]);
  });
});

describe('quantise', () => {
  const ramp: Image = { shape: [1, 16, 16], data: Float32Array.from({ length: 256 }, (_, i) => i / 255) };

  it.each([5, 4, 3, 2, 1])(
    'to %d bits leaves so many levels, evenly spaced, and takes the nearest',
    (bits) => {
      const out = levels(quantise.apply(ramp, null, { bits }, MNIST));
      const spaced = Array.from({ length: 2 ** bits }, (_, i) => Math.round((255 * i) / (2 ** bits - 1)));
      expect([...new Set(out)]).toEqual(spaced);
      const half = 255 / (2 ** bits - 1) / 2 + 0.5;
      out.forEach((level, i) => expect(Math.abs(level - i)).toBeLessThanOrEqual(half));
    },
  );

  it('to 8 bits changes nothing', () => {
    expect(quantise.apply(ramp, null, { bits: 8 }, MNIST)).toEqual(ramp.data);
  });
});

describe('pessimal noise', () => {
  const grey = flat(128);
  const unitMatrix = Float64Array.from({ length: 196 * 196 }, (_, i) => (i % 197 === 0 ? 1 : 0));
  const normals = keyedStream(1, 0, 'normals').fillNormal(new Float64Array(196));

  it('has the same 14 x 14 values in each quarter, of L2 norm 10.63 / 4', () => {
    // Normals so small that nothing is clipped, each alone in its place.
    const even = keyedStream(1, 0, 'even').fillUniform(new Float64Array(196), -1, 1);
    const setting = { ...MNIST, noiseMatrix: unitMatrix };
    const changes = levels(pessimalNoise.apply(grey, even, {}, setting)).map((level) => level - 128);
    const tile = changes.filter((_, i) => i % 28 < 14 && i < 28 * 14);
    changes.forEach((change, i) =>
      expect(change).toBe(tile[14 * (Math.floor(i / 28) % 14) + ((i % 28) % 14)]),
    );
    // Rounding moves each of 196 values by half a level at most.
    expect(Math.abs(Math.hypot(...tile) / 255 - 10.63 / 4)).toBeLessThan((14 * 0.5) / 255);
  });

  it('is the row of normals times the matrix', () => {
    const apply = (matrix: Float64Array): number[] =>
      levels(pessimalNoise.apply(grey, normals, {}, { ...MNIST, noiseMatrix: matrix }));
    const scaled = (10.63 / 4 / Math.hypot(...normals)) * 255;
    expect(apply(unitMatrix)[29]).toBe(128 + Math.round(scaled * normals[15]!));
    // Column 0 takes from every normal, the others from none.
    const first = Float64Array.from({ length: 196 * 196 }, (_, i) => (i % 196 === 0 ? 1 : 0));
    const sum = normals.reduce((total, value) => total + value, 0);
    expect(apply(first).slice(0, 3)).toEqual([sum > 0 ? 255 : 0, 128, 128]);
  });

  it('needs the matrix, all of it', () => {
    const apply = (setting: CorruptionSetting) => () => pessimalNoise.apply(grey, normals, {}, setting);
    expect(apply({ profile: 'mnist', quirks: 'reference' })).toThrow(
      expect.objectContaining({ key: 'CORRUPTION_ASSET', message: expect.stringContaining('mnist-c') }),
    );
    expect(apply({ ...MNIST, noiseMatrix: new Float32Array(100) })).toThrow(
      expect.objectContaining({ key: 'DATA_INVALID', message: expect.stringContaining('100') }),
    );
    expect(pessimalNoise.metadata.needs).toBe('pessimal-noise-matrix');
  });
});
