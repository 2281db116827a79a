import { describe, expect, it } from '@jest/globals';
import frost from '../../corruptions/frost.js';
import type { CorruptionSetting, Image, Quirks } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, levels } from './images.js';

const PLAIN = { image: 0.5, frost: 0.5, scale: 1 };
const at = (textures: readonly Image[] | undefined, quirks: Quirks = 'reference'): CorruptionSetting => ({
  profile: 'imagenet',
  quirks,
  ...(textures && { textures }),
});
/** A photograph whose levels count its pixels, in red; green and blue are 0. */
function counting(height: number, width: number): Image {
  const data = new Float32Array(3 * height * width);
  for (let i = 0; i < height * width; i++) data[i] = i / 255;
  return { shape: [3, height, width], data };
}
const drawn = (textures: readonly Image[], quirks: Quirks, shape: Image['shape']) =>
  Array.from({ length: 300 }, (_, key) =>
    frost.sample(keyedStream(0, key, 'frost'), PLAIN, shape, at(textures, quirks)),
  );

describe('frost', () => {
  it('adds a weighted piece of the photograph to the weighted image', () => {
    const image = flat(100, [3, 2, 2]);
    const piece = { texture: 0, top: 1, left: 2 };
    const frosty = levels(frost.apply(image, piece, PLAIN, at([counting(5, 6)])));
    expect(frosty).toEqual([54, 54, 57, 57, 50, 50, 50, 50, 50, 50, 50, 50]);
    const bright = levels(
      frost.apply(image, piece, { ...PLAIN, image: 1, frost: 1 }, at([flat(200, [3, 5, 6])])),
    );
    expect(bright).toEqual(Array(12).fill(255));
  });

  it('resizes the photographs first', () => {
    const piece = { texture: 0, top: 0, left: 1 };
    const frosty = frost.apply(
      flat(0, [3, 1, 1]),
      piece,
      { image: 0, frost: 1, scale: 0.2 },
      at([counting(10, 15)]),
    );
    expect(levels(frosty)).toEqual([37, 0, 0]);
  });

  it('takes the luma of the photographs for grey images, and both kinds of images in turn', () => {
    const setting = at([counting(10, 15)]);
    const piece = { texture: 0, top: 0, left: 5 };
    const pure = { image: 0, frost: 1, scale: 1 };
    const grey = (): number[] => levels(frost.apply(flat(0, [1, 1, 1]), piece, pure, setting));
    const colour = (): number[] => levels(frost.apply(flat(0, [3, 1, 1]), piece, pure, setting));
    expect([grey(), colour(), grey()]).toEqual([[1], [5, 0, 0], [1]]);
  });

  it('as published chooses among the first five photographs and never takes the last place', () => {
    const six = Array.from({ length: 6 }, () => flat(0, [3, 6, 5]));
    const draws = drawn(six, 'reference', [3, 4, 4]);
    expect(new Set(draws.map(({ texture }) => texture))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(draws.map(({ top }) => top))).toEqual(new Set([0, 1]));
    expect(new Set(draws.map(({ left }) => left))).toEqual(new Set([0]));
    expect(new Set(drawn(six.slice(4), 'reference', [3, 4, 4]).map(({ texture }) => texture))).toEqual(
      new Set([0, 1]),
    );
  });

  it('fixed chooses among all photographs and all places', () => {
    const six = Array.from({ length: 6 }, () => flat(0, [3, 6, 5]));
    const draws = drawn(six, 'fixed', [3, 4, 4]);
    expect(new Set(draws.map(({ texture }) => texture)).size).toBe(6);
    expect(new Set(draws.map(({ top }) => top))).toEqual(new Set([0, 1, 2]));
    expect(new Set(draws.map(({ left }) => left))).toEqual(new Set([0, 1]));
  });

  it('says how to give photographs when there are none, and which is too small', () => {
    const random = keyedStream(0, 0, 'frost');
    for (const textures of [undefined, []]) {
      expect(() => frost.sample(random, PLAIN, [3, 4, 4], at(textures))).toThrow(/--frost-textures DIR/);
    }
    const photographs = [flat(0, [3, 50, 50]), flat(0, [3, 50, 24])];
    expect(() => frost.sample(random, { ...PLAIN, scale: 0.2 }, [3, 4, 5], at(photographs))).toThrow(
      /photograph 2 of frost has 24 x 50 pixels, .* 5 x 4/,
    );
  });
});
