import { describe, expect, it } from '@jest/globals';
import frostProcedural from '../../corruptions/frost_procedural.js';
import type { CorruptionSetting, Image } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, levels } from './images.js';

const FIXED: CorruptionSetting = { profile: 'cifar', quirks: 'fixed' };
const ICE_ALONE = { image: 0, frost: 1 };
const pane = (shape: Image['shape'], key = 0, weights = ICE_ALONE): number[] => {
  const drawn = frostProcedural.sample(keyedStream(0, key, 'ice'), weights, shape, FIXED);
  return levels(frostProcedural.apply(flat(100, shape), drawn, weights, FIXED));
};

describe('drawn frost', () => {
  it('is blue-white, between the colours of bare glass and of rime', () => {
    const ice = pane([3, 32, 32]);
    for (let i = 0; i < 1024; i += 7) {
      const [red, green, blue] = [ice[i]!, ice[1024 + i]!, ice[2048 + i]!];
      expect(red).toBeGreaterThanOrEqual(60);
      expect(green).toBeGreaterThan(red);
      expect(blue).toBeGreaterThan(green);
      expect(blue).toBeLessThanOrEqual(240);
    }
  });

  it('has the same shades on a grey image', () => {
    const colour = pane([3, 16, 16]);
    pane([1, 16, 16]).forEach((level, i) => {
      const luma = 0.299 * colour[i]! + 0.587 * colour[256 + i]! + 0.114 * colour[512 + i]!;
      expect(Math.abs(level - luma)).toBeLessThanOrEqual(1);
    });
  });

  it('is added by weight', () => {
    const ice = pane([3, 16, 16]);
    pane([3, 16, 16], 0, { image: 0.5, frost: 0.25 }).forEach((level, i) => {
      expect(Math.abs(level - (50 + ice[i]! / 4))).toBeLessThan(1);
    });
  });

  it('has structure, and another one for every example', () => {
    const panes = Array.from({ length: 8 }, (_, key) => pane([1, 32, 32], key));
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const ice of panes) {
      expect(Math.sqrt(mean(ice.map((level) => (level - mean(ice)) ** 2)))).toBeGreaterThan(10);
    }
    expect(new Set(panes.map((ice) => Math.round(mean(ice)))).size).toBeGreaterThan(5);
  });

  it('says that it is not comparable with frost', () => {
    expect(frostProcedural.metadata.summary).toContain('not comparable');
    expect(frostProcedural.metadata.needs).toBeUndefined();
  });
});
