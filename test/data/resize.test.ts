import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fit, resize, type ResizeFilter } from '../../src/data/image/resize.js';
import { sha256 } from '../../src/fingerprint.js';

/** Three channels of numbers that no kernel leaves alone; interleaved place i holds (31 i^2 + 7 i) modulo 256. */
function pattern(width: number, height: number) {
  const area = width * height;
  const data = Uint8Array.from({ length: 3 * area }, (_, at) => {
    const i = (at % area) * 3 + Math.floor(at / area);
    return (i * i * 31 + i * 7) % 256;
  });
  return { shape: [3, height, width] as const, data };
}

const FILTERS: readonly ResizeFilter[] = ['bilinear', 'bicubic'];

describe('resizing', () => {
  // First 16 digits of the SHA-256 of what Pillow 12.3.0 gives, channel after channel.
  it.each([
    [7, 5, 4, 3, 'bicubic', '7b36553612e1fd39'],
    [7, 5, 4, 3, 'bilinear', 'affab9dc1562efdd'],
    [5, 6, 11, 9, 'bicubic', '64730006172d8681'],
    [5, 6, 11, 9, 'bilinear', '6ec6b80d5108e154'],
    [13, 9, 13, 4, 'bicubic', '1875835a7c0b1b14'],
    [13, 9, 13, 4, 'bilinear', '207a34a48bd8c4a1'],
    [6, 6, 3, 6, 'bicubic', 'bf2d247edc0a99b3'],
    [6, 6, 3, 6, 'bilinear', '5295a3bd70813a71'],
    [1, 3, 2, 1, 'bicubic', '8409440acfd7b1d2'],
    [40, 50, 7, 6, 'bicubic', '12934ae4237299fe'],
    [40, 50, 7, 6, 'bilinear', 'f1c1834e3eb749d1'],
  ] as const)(
    'gives the bytes of Pillow: %d x %d to %d x %d, %s',
    (width, height, toWidth, toHeight, filter, digits) => {
      const image = resize(pattern(width, height), [toHeight, toWidth], filter);
      expect(image.shape).toEqual([3, toHeight, toWidth]);
      expect(sha256(image.data).slice(0, 16)).toBe(digits);
    },
  );

  it('gives the numbers of Pillow where the kernel overshoots and is cut to 0..255', () => {
    const small = { shape: [1, 2, 3] as const, data: Uint8Array.of(0, 255, 0, 255, 10, 20) };
    expect(Array.from(resize(small, [4, 5], 'bicubic').data)).toEqual([
      0, 95, 255, 109, 0, 53, 115, 204, 81, 4, 202, 155, 61, 26, 17, 255, 175, 0, 0, 23,
    ]);
  });

  const sides = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }));

  it('leaves an image of the wanted size as it is', () => {
    fc.assert(
      fc.property(sides, ([width, height]) => {
        const image = pattern(width, height);
        for (const filter of FILTERS) expect(resize(image, [height, width], filter)).toEqual(image);
      }),
    );
  });

  it('keeps a uniform image uniform', () => {
    fc.assert(
      fc.property(
        sides,
        sides,
        fc.integer({ min: 0, max: 255 }),
        ([width, height], [to, toHeight], level) => {
          const data = new Uint8Array(width * height).fill(level);
          for (const filter of FILTERS) {
            const { data: out } = resize({ shape: [1, height, width], data }, [toHeight, to], filter);
            expect(out.length).toBe(to * toHeight);
            for (const value of out) expect(Math.abs(value - level)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('fitting pictures to a model', () => {
  it('keeps proportions where only the shorter side is given', () => {
    const shapes = [
      [500, 375],
      [375, 500],
      [300, 300],
      [333, 500],
    ].map(([width, height]) => fit(pattern(width!, height!), { size: 256, filter: 'bilinear' }).shape);
    expect(shapes).toEqual([
      [3, 256, 341],
      [3, 341, 256],
      [3, 256, 256],
      [3, 384, 256],
    ]);
  });

  // As torchvision's Resize(10), CenterCrop(7) on Pillow 12.3.0 images; the first 16 digits of the SHA-256.
  it.each([
    [20, 31, '745df7ddef958992'],
    [31, 20, 'e7ebdfa631725032'],
  ])('cuts the middle of what was resized: %d x %d', (width, height, digits) => {
    const image = fit(pattern(width, height), { size: 10, filter: 'bicubic', crop: 7 });
    expect(image.shape).toEqual([3, 7, 7]);
    expect(sha256(image.data).slice(0, 16)).toBe(digits);
  });
});
