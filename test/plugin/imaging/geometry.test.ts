import { describe, expect, it } from '@jest/globals';
import { resizeBox } from '../../../src/plugin/imaging/resize-box.js';
import { affineThrough, displace, inverseAffine, warpAffine } from '../../../src/plugin/imaging/warp.js';
import { keyedStream } from '../../../src/random/keyed.js';

const random = keyedStream(0, 0, 'geometry');
const image = random.fillUniform(new Float32Array(2 * 6 * 8));
const SHAPE = [2, 6, 8] as const;
const STILL = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 };

describe('the box filter', () => {
  it('takes means where it divides evenly, and repeats when it enlarges', () => {
    const levels = Uint8Array.of(10, 20, 30, 50, 30, 40, 70, 90);
    const small = resizeBox(levels, [1, 2, 4], 1, 2);
    expect(Array.from(small)).toEqual([25, 60]);
    expect(Array.from(resizeBox(small, [1, 1, 2], 2, 4))).toEqual([25, 25, 60, 60, 25, 25, 60, 60]);
  });

  it('counts the pixels whose centers the box covers', () => {
    // Boxes of 2.5 pixels; a center on a rim belongs to the box before it.
    expect(Array.from(resizeBox(Uint8Array.of(0, 10, 100, 200, 240), [1, 1, 5], 1, 2))).toEqual([37, 220]);
  });

  it('returns a copy at the same size, and never leaves the range of what it had', () => {
    const levels = Uint8Array.from({ length: 77 }, () => 100 + random.integer(50));
    expect(resizeBox(levels, [1, 7, 11], 7, 11)).toEqual(levels);
    const resized = resizeBox(levels, [1, 7, 11], 5, 9);
    expect(Math.min(...resized)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...resized)).toBeLessThan(150);
  });
});

describe('an affine map', () => {
  const from = Float32Array.of(2, 3, 7, 1, 4, 9);
  const to = Float32Array.of(1, 5, 9, 2, 3, 3);

  it('takes three points to three others, and its inverse takes them back', () => {
    const map = affineThrough(from, to);
    for (let i = 0; i < 6; i += 2) {
      expect(map.xx * from[i]! + map.xy * from[i + 1]! + map.x0).toBeCloseTo(to[i]!, 10);
      expect(map.yx * from[i]! + map.yy * from[i + 1]! + map.y0).toBeCloseTo(to[i + 1]!, 10);
    }
    const back = inverseAffine(map);
    expect(back.xx * to[0]! + back.xy * to[1]! + back.x0).toBeCloseTo(2, 10);
    expect(back.yx * to[0]! + back.yy * to[1]! + back.y0).toBeCloseTo(3, 10);
  });

  it('that moves by whole pixels moves whole pixels, and nothing at all leaves the image alone', () => {
    expect(warpAffine(image, SHAPE, STILL, 'mirror')).toEqual(image);
    const moved = warpAffine(image, SHAPE, { ...STILL, x0: 3, y0: -1 }, 'zero');
    for (let i = 0; i < moved.length; i++) {
      const [channel, y, x] = [Math.floor(i / 48), Math.floor(i / 8) % 6, i % 8];
      const inside = x >= 3 && y < 5;
      expect(moved[i]).toBe(inside ? image[channel * 48 + (y + 1) * 8 + x - 3] : 0);
    }
  });

  it('interpolates between pixels', () => {
    const ramp = Float32Array.from({ length: 12 }, (_, i) => i % 4);
    const moved = warpAffine(ramp, [1, 3, 4], { ...STILL, x0: -0.25 }, 'mirror');
    expect(Array.from(moved.subarray(4, 8))).toEqual([0.25, 1.25, 2.25, 2.75]);
  });

  it('that flattens everything is not inverted: every pixel reads the first', () => {
    const flattened = warpAffine(image, SHAPE, { ...STILL, xx: 0 }, 'mirror');
    expect(flattened.subarray(0, 48).every((value) => value === image[0])).toBe(true);
  });
});

describe('displacement', () => {
  const field = (value: number): Float32Array => new Float32Array(48).fill(value);

  it('of nothing leaves the image alone', () => {
    expect(displace(image, SHAPE, field(0), field(0), 'reflect')).toEqual(image);
  });

  it('reads between pixels, and beyond the edges what it is told to', () => {
    const ramp = Float32Array.from({ length: 6 }, (_, i) => i);
    const right = Float32Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 1.5);
    const down = new Float32Array(6);
    expect(Array.from(displace(ramp, [1, 1, 6], down, right, 'reflect'))).toEqual([
      0.5, 1.5, 2.5, 3.5, 4.5, 4.5,
    ]);
    expect(Array.from(displace(ramp, [1, 1, 6], down, right, 'zero'))).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 0]);
  });

  it('goes round and round beyond the edges: a period of twice the image changes nothing', () => {
    const line = Float32Array.of(1, 5, 2);
    const at = (right: number): number[] =>
      Array.from(displace(line, [1, 1, 3], new Float32Array(3), new Float32Array(3).fill(right), 'reflect'));
    expect(at(6)).toEqual([1, 5, 2]);
    expect(at(-12)).toEqual([1, 5, 2]);
    expect(at(3)).toEqual([2, 5, 1]);
    expect(at(-3)).toEqual([2, 5, 1]);
  });
});
