import { describe, expect, it } from '@jest/globals';
import { forwardDct, inverseDct } from '../../../src/plugin/imaging/jpeg/dct.js';
import { fromLuminance, toLuminance } from '../../../src/plugin/imaging/jpeg/colours.js';
import { jpegRoundTrip } from '../../../src/plugin/imaging/jpeg/jpeg.js';
import { doublePlane, halvePlane } from '../../../src/plugin/imaging/jpeg/planes.js';
import { quantisationTable } from '../../../src/plugin/imaging/jpeg/tables.js';
import { keyedStream } from '../../../src/random/keyed.js';

const random = keyedStream(0, 0, 'jpeg');
const block = (): Int32Array => Int32Array.from({ length: 64 }, () => random.integer(256) - 128);

/** The orthonormal cosine transform of 8 x 8 values, by its definition. */
function exactDct(values: Int32Array): number[] {
  const scale = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1) / 2;
  const wave = (k: number, x: number): number => Math.cos(((2 * x + 1) * k * Math.PI) / 16);
  return Array.from({ length: 64 }, (_, i) => {
    const [v, u] = [i >> 3, i & 7];
    let sum = 0;
    for (let j = 0; j < 64; j++) sum += values[j]! * wave(v, j >> 3) * wave(u, j & 7);
    return scale(u) * scale(v) * sum;
  });
}

describe('the cosine transform of whole numbers', () => {
  it('is eight times the orthonormal one, to within two units', () => {
    for (let trial = 0; trial < 20; trial++) {
      const samples = block();
      const coefficients = samples.slice();
      forwardDct(coefficients);
      exactDct(samples).forEach((exact, i) => {
        expect(Math.abs(coefficients[i]! - 8 * exact)).toBeLessThan(2);
      });
    }
  });

  it('is undone by its inverse to within two levels', () => {
    for (let trial = 0; trial < 20; trial++) {
      const samples = block();
      const coefficients = samples.slice();
      forwardDct(coefficients);
      const back = coefficients.map((value) => Math.round(value / 8));
      inverseDct(back);
      back.forEach((sample, i) => expect(Math.abs(sample - samples[i]!)).toBeLessThanOrEqual(2));
    }
  });
});

describe('quantisation tables', () => {
  it('are those of the standard at quality 50, all ones at 100, and cut at 255', () => {
    expect(quantisationTable('luminance', 50)[0]).toBe(16);
    expect(quantisationTable('chrominance', 50)[63]).toBe(99);
    expect(new Set(quantisationTable('luminance', 100))).toEqual(new Set([1]));
    expect(Math.max(...quantisationTable('luminance', 1))).toBe(255);
    // 75 halves the steps, 25 doubles them.
    expect(quantisationTable('luminance', 75)[0]).toBe(8);
    expect(quantisationTable('luminance', 25)[0]).toBe(32);
  });
});

describe('luminance and differences', () => {
  it('of greys are the level and no difference', () => {
    const [luminance, blueness, redness] = toLuminance(Uint8Array.of(0, 77, 255, 0, 77, 255, 0, 77, 255));
    expect(Array.from(luminance)).toEqual([0, 77, 255]);
    expect([...blueness, ...redness]).toEqual([128, 128, 128, 128, 128, 128]);
  });

  it('give a colour back to within two levels', () => {
    const colours = Uint8Array.from({ length: 3 * 500 }, () => random.integer(256));
    fromLuminance(toLuminance(colours)).forEach((level, i) => {
      expect(Math.abs(level - colours[i]!)).toBeLessThanOrEqual(2);
    });
  });
});

describe('halved planes', () => {
  it('hold means, and are filled to whole blocks from the last column', () => {
    const plane = { samples: Uint8Array.of(10, 20, 40, 10, 20, 40), width: 3, height: 2 };
    const half = halvePlane(plane);
    expect([half.width, half.height]).toEqual([8, 1]);
    expect(Array.from(half.samples)).toEqual([15, 40, 40, 40, 40, 40, 40, 40]);
  });

  it('become smooth again, three parts the nearest and one part the next along each axis', () => {
    const half = { samples: Uint8Array.of(0, 160, 160, 160), width: 4, height: 1 };
    expect(Array.from(doublePlane(half, 8, 2).samples.subarray(0, 8))).toEqual([
      0, 40, 120, 160, 160, 160, 160, 160,
    ]);
    // Two columns are too few for that: they are repeated.
    expect(Array.from(doublePlane(half, 4, 1).samples)).toEqual([0, 0, 160, 160]);
  });
});

describe('a round trip', () => {
  it('at quality 100 changes a grey image by two levels at most', () => {
    const levels = Uint8Array.from({ length: 19 * 21 }, () => random.integer(256));
    jpegRoundTrip(levels, [1, 19, 21], 100).forEach((level, i) => {
      expect(Math.abs(level - levels[i]!)).toBeLessThanOrEqual(2);
    });
  });

  it('blurs fine colours more than fine greys', () => {
    const checks = (strong: number): number[] =>
      Array.from({ length: 256 }, (_, i) => (i % 2 ? strong : 128));
    const red = Uint8Array.from([...checks(255), ...checks(128), ...checks(128)]);
    const grey = Uint8Array.from(checks(255));
    const error = (levels: Uint8Array, channels: number): number =>
      jpegRoundTrip(levels, [channels, 16, 16], 95).reduce(
        (most, level, i) => Math.max(most, Math.abs(level - levels[i]!)),
        0,
      );
    expect(error(red, 3)).toBeGreaterThan(40);
    expect(error(grey, 1)).toBeLessThan(10);
  });
});
