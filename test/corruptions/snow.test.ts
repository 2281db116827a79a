import { describe, expect, it } from '@jest/globals';
import snow from '../../corruptions/snow.js';
import { severitiesOf, type CorruptionSetting, type Image } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, levels } from './images.js';

const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
/** Without motion blur: its only tap is the pixel itself. */
const STILL = { mean: 0, deviation: 1, zoom: 1, threshold: 0.5, radius: 0, sigma: 1, keep: 0.8 };
const noFlakes = (area: number) => ({ layer: new Float64Array(area), angle: -90 });

describe('snow', () => {
  it('whitens with one and a half times the luma and a half, where that is brighter', () => {
    const image: Image = { shape: [3, 1, 2], data: Float32Array.of(0.2, 1, 0.4, 1, 0.6, 1) };
    const luma = 0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.6;
    const whitened = [0.2, 0.4, 0.6].map((value) => 0.8 * value + 0.2 * (1.5 * luma + 0.5));
    const [red, white, green, , blue] = levels(snow.apply(image, noFlakes(2), STILL, CIFAR));
    expect([red, green, blue]).toEqual(whitened.map((value) => Math.floor(value * 255)));
    expect(white).toBe(255);
  });

  it('adds every flake twice, the second turned around by half', () => {
    const layer = new Float64Array(12);
    layer[1] = 0.6;
    layer[6] = 2;
    layer[7] = 0.499;
    const snowy = levels(snow.apply(flat(0, [1, 3, 4]), { layer, angle: -90 }, STILL, CIFAR));
    const background = Math.floor(0.2 * 0.5 * 255);
    const flakes = [0, 153, 0, 0, 0, 255, 255, 0, 0, 0, 153, 0];
    expect(snowy).toEqual(
      flakes.map((flake) => Math.min(flake === 0 ? background : Math.floor(25.5 + flake), 255)),
    );
  });

  it('lets flakes drive along the wind', () => {
    const layer = new Float64Array(15 * 15);
    layer[7 * 15 + 7] = 1;
    const fallen = levels(
      snow.apply(flat(0, [1, 15, 15]), { layer, angle: -90 }, { ...STILL, radius: 3, sigma: 3 }, CIFAR),
    );
    // Seven taps down from the flake, and as many up from the flake turned around, which is in the same place.
    const snowy = fallen.flatMap((level, i) => (level > 25 ? [i] : []));
    expect(snowy).toEqual(Array.from({ length: 13 }, (_, tap) => 15 * (1 + tap) + 7));
    expect(Math.min(...fallen)).toBe(25);
  });

  it('draws one value per pixel, of the mean and spread given, and a wind from below', () => {
    for (let key = 0; key < 50; key++) {
      const parameters = severitiesOf(snow, 'cifar')[4]!;
      const { layer, angle } = snow.sample(keyedStream(0, key, 'snow'), parameters, [3, 64, 64], CIFAR);
      expect(layer).toHaveLength(64 * 64);
      const mean = layer.reduce((sum, value) => sum + value, 0) / layer.length;
      expect(Math.abs(mean - parameters.mean)).toBeLessThan((5 * parameters.deviation) / 64);
      expect(angle).toBeGreaterThanOrEqual(-135);
      expect(angle).toBeLessThan(-45);
    }
  });
});
