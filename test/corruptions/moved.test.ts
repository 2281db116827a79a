import { describe, expect, it } from '@jest/globals';
import rotate from '../../corruptions/rotate.js';
import scale from '../../corruptions/scale.js';
import shear from '../../corruptions/shear.js';
import translate from '../../corruptions/translate.js';
import type { CorruptionSetting, Image } from '../../src/plugin/corruption.js';
import { roundHalfEven } from '../../src/plugin/pixels.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, levels, noisy } from './images.js';

const MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'reference' };
const SIDE = 28;
const level = (out: Float32Array, x: number, y: number): number => Math.round(out[SIDE * y + x]! * 255);

/** One white pixel in black. */
function dot(x: number, y: number): Image {
  const image = flat(0);
  image.data[SIDE * y + x] = 1;
  return image;
}

/** Where the brightness lies, in pixels right and down of the centre. */
function centreOf(out: Float32Array): { x: number; y: number; total: number } {
  let [x, y, total] = [0, 0, 0];
  levels(out).forEach((value, i) => {
    x += value * ((i % SIDE) - 13.5);
    y += value * (Math.floor(i / SIDE) - 13.5);
    total += value;
  });
  return { x: x / total, y: y / total, total };
}

describe('rotate', () => {
  it('by a right angle moves pixels without a loss, one way or the other', () => {
    const angle = Math.PI / 2;
    const image = noisy([1, SIDE, SIDE]);
    for (const sign of [1, -1] as const) {
      const out = rotate.apply(image, sign, { angle }, MNIST);
      const expected = image.data.map((_value, i) => {
        const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
        return image.data[sign === 1 ? SIDE * x + (27 - y) : SIDE * (27 - x) + y]!;
      });
      expect(out).toEqual(expected);
    }
  });

  it('carries a pixel around the centre, by the angle', () => {
    const { x, y } = centreOf(rotate.apply(dot(20, 10), 1, { angle: 0.6 }, MNIST));
    const turned = Math.atan2(-3.5, 6.5) - Math.atan2(y, x);
    expect(turned).toBeCloseTo(0.6, 1);
    expect(Math.hypot(x, y)).toBeCloseTo(Math.hypot(6.5, 3.5), 0);
  });
});

describe('shear', () => {
  it('slants upright lines and keeps level ones level', () => {
    const upright = flat(0);
    for (let y = 0; y < SIDE; y++) upright.data[SIDE * y + 14] = 1;
    const lean = (sign: 1 | -1): number => {
      const out = shear.apply(upright, sign, { angle: 0.4 }, MNIST);
      const place = (y: number): number => {
        const row = levels(out).slice(SIDE * y, SIDE * (y + 1));
        const total = row.reduce((sum, value) => sum + value, 0);
        return row.reduce((sum, value, x) => sum + value * x, 0) / total;
      };
      return (place(20) - place(7)) / 13;
    };
    expect(lean(1)).toBeCloseTo(Math.sin(0.4), 2);
    expect(lean(-1)).toBeCloseTo(-Math.sin(0.4), 2);
    const even = flat(0);
    even.data.fill(1, SIDE * 9, SIDE * 12);
    const middle = levels(shear.apply(even, 1, { angle: 0.4 }, MNIST));
    for (let y = 0; y < SIDE; y++) {
      const row = middle.slice(SIDE * y + 8, SIDE * y + 20);
      expect(new Set(row).size).toBe(1);
    }
  });

  it('stretches downward by 1 / cos(angle), as its reference does', () => {
    const { y } = centreOf(shear.apply(dot(14, 23), 1, { angle: 0.8 }, MNIST));
    expect(y).toBeCloseTo(9.5 / Math.cos(0.8), 0);
  });
});

describe('scale', () => {
  it('shrinks a white image to a white square about the centre, in black', () => {
    const out = scale.apply(flat(255), null, { divisor: 2 }, MNIST);
    // Pixel x comes from 13.5 + 2 (x - 13.5): from 0.5 at 7 and from 26.5 at 20.
    for (let x = 0; x < SIDE; x++) expect(level(out, x, 13)).toBe(x >= 7 && x <= 20 ? 255 : 0);
  });

  it('sends halves of a level to the even one, whatever the last bits of their sum', () => {
    const image = noisy([1, SIDE, SIDE]);
    const out = scale.apply(image, null, { divisor: 2 }, MNIST);
    // Half the size is the mean of two by two pixels.
    for (let y = 7; y <= 20; y++) {
      for (let x = 7; x <= 20; x++) {
        const [left, top] = [2 * x - 14, 2 * y - 14];
        const right = level(image.data, left + 1, top) + level(image.data, left + 1, top + 1);
        const sum = level(image.data, left, top) + level(image.data, left, top + 1) + right;
        expect(level(out, x, y)).toBe(roundHalfEven(sum / 4));
      }
    }
  });
});

describe('translate', () => {
  it('moves every pixel along both axes; black comes in', () => {
    const image = noisy([1, SIDE, SIDE]);
    for (const horizontal of [1, -1] as const) {
      for (const vertical of [1, -1] as const) {
        const out = translate.apply(image, { horizontal, vertical }, { pixels: 3 }, MNIST);
        const expected = image.data.map((_value, i) => {
          const [x, y] = [(i % SIDE) + 3 * horizontal, Math.floor(i / SIDE) + 3 * vertical];
          return x >= 0 && y >= 0 && x < SIDE && y < SIDE ? image.data[SIDE * y + x]! : 0;
        });
        expect(out).toEqual(expected);
      }
    }
  });
});

describe('the direction of a move', () => {
  it('is either one about as often, and independent along the axes of translate', () => {
    const counts = new Map<string, number>();
    for (let key = 0; key < 400; key++) {
      const random = keyedStream(1, key, 'direction');
      const { horizontal, vertical } = translate.sample(random, { pixels: 3 }, [1, SIDE, SIDE], MNIST);
      for (const name of [
        `translate ${horizontal} ${vertical}`,
        `rotate ${rotate.sample(random, { angle: 0.4 }, [1, SIDE, SIDE], MNIST)}`,
        `shear ${shear.sample(random, { angle: 0.4 }, [1, SIDE, SIDE], MNIST)}`,
      ]) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(8);
    for (const [name, count] of counts) {
      const expected = name.startsWith('translate') ? 100 : 200;
      expect(Math.abs(count - expected)).toBeLessThan(45);
    }
  });
});
