import { describe, expect, it } from '@jest/globals';
import spatter from '../../corruptions/spatter.js';
import { PROFILES, severitiesOf, type CorruptionSetting } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, levels, noisy } from './images.js';

const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const AREA = 32 * 32;
const [LIGHT_WATER, , WATER, MUD] = severitiesOf(spatter, 'cifar');

describe('spatter', () => {
  it.each([LIGHT_WATER!, MUD!])(
    'leaves an image alone where no noise is above the threshold ($liquid)',
    (severity) => {
      const image = noisy([3, 32, 32]);
      const noise = new Float64Array(AREA).fill(severity.threshold - 0.01);
      expect(spatter.apply(image, noise, severity, CIFAR)).toEqual(image.data);
    },
  );

  it('covers with brown mud what is above the threshold, and a grey image with its first level', () => {
    const noise = new Float64Array(AREA).fill(1);
    const muddy = levels(spatter.apply(noisy([3, 32, 32]), noise, MUD!, CIFAR));
    expect(new Set(muddy.slice(0, AREA))).toEqual(new Set([63]));
    expect(new Set(muddy.slice(AREA, 2 * AREA))).toEqual(new Set([42]));
    expect(new Set(muddy.slice(2 * AREA))).toEqual(new Set([20]));
    expect(new Set(levels(spatter.apply(noisy([1, 32, 32]), noise, MUD!, CIFAR)))).toEqual(new Set([63]));
  });

  it('mixes mud in by at least 0.8 or not at all', () => {
    const noise = new Float64Array(AREA).map((_, i) => (i % 32 < 16 ? 1 : 0));
    const white = levels(spatter.apply(flat(255, [1, 32, 32]), noise, MUD!, CIFAR));
    expect(white.every((level) => level === 255 || level <= 63 + 0.2 * 192)).toBe(true);
    expect(white).toContain(255);
    expect(white).toContain(63);
  });

  it('lets water only brighten, toward pale turquoise, by the amount given at its brightest', () => {
    for (let key = 0; key < 10; key++) {
      const drawn = spatter.sample(keyedStream(0, key, 'spatter'), WATER!, [3, 32, 32], CIFAR);
      const wet = levels(spatter.apply(flat(0, [3, 32, 32]), drawn, WATER!, CIFAR));
      const most = (channel: number): number => Math.max(...wet.slice(channel * AREA, (channel + 1) * AREA));
      expect([most(0), most(1), most(2)]).toEqual([87, 119, 119]);
      const image = noisy([3, 32, 32]);
      const added = levels(image.data).map((level, i) => Math.min(level + wet[i]!, 255));
      // Cut to 8 bits after the sum or before it.
      const beyond = levels(spatter.apply(image, drawn, WATER!, CIFAR)).map((level, i) => level - added[i]!);
      expect(beyond.every((difference) => difference === 0 || difference === 1)).toBe(true);
    }
  });

  it('is water, then mud, but for MNIST mud alone', () => {
    for (const profile of PROFILES) {
      const liquids = severitiesOf(spatter, profile).map(({ liquid }) => liquid);
      const expected = profile === 'mnist' ? Array(5).fill('mud') : ['water', 'water', 'water', 'mud', 'mud'];
      expect(liquids).toEqual(expected);
    }
  });
});
