import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodeImage } from '../../src/data/image-file.js';
import { decodeJpeg } from '../../src/data/image/jpeg.js';
import { decodePng } from '../../src/data/image/png.js';
import { folderOf } from './files.js';
import { plainPng, pngChunk, pngFile } from './png-file.js';

const decode = (bytes: Uint8Array): ReturnType<typeof decodeImage> =>
  decodeImage(join(folderOf({ 'some.image': bytes }), 'some.image'));

const failure = (key: string, part: string): unknown =>
  expect.objectContaining({ key, message: expect.stringContaining(part) });

/** Pixels that no filter predicts well. */
const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * i * 31 + i * 7) % 256);

/** What sharp makes of an image, channel after channel. */
async function bySharp(bytes: Uint8Array): Promise<{ shape: number[]; data: number[] }> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const planes = Array.from({ length: channels }, (_, c) =>
    Array.from(data).filter((_v, i) => i % channels === c),
  );
  return { shape: [channels, height, width], data: planes.flat() };
}

describe('a PNG file', () => {
  it('gives three channels for colour, one for grey', async () => {
    const colour = await decode(plainPng(2, 1, Uint8Array.of(1, 2, 3, 4, 5, 6)));
    expect([colour.shape, Array.from(colour.data)]).toEqual([
      [3, 1, 2],
      [1, 4, 2, 5, 3, 6],
    ]);
    const grey = await decode(plainPng(1, 2, Uint8Array.of(9, 8)));
    expect([grey.shape, Array.from(grey.data)]).toEqual([
      [1, 2, 1],
      [9, 8],
    ]);
  });

  it.each([
    ['RGB', 3, {}],
    ['RGB, interlaced', 3, { progressive: true }],
    ['RGBA', 4, {}],
    ['RGBA, interlaced', 4, { progressive: true }],
    ['a palette of 200 colours', 3, { palette: true, colours: 200 }],
    ['a palette of 12 colours, 4 bits', 3, { palette: true, colours: 12 }],
    ['a palette of 4 colours, 2 bits, interlaced', 3, { palette: true, colours: 4, progressive: true }],
    ['unfiltered RGB', 3, { adaptiveFiltering: false }],
    ['RGB under adaptive filters', 3, { adaptiveFiltering: true }],
  ] as const)('is decoded as sharp does: %s', async (_, channels, options) => {
    for (const [width, height] of [
      [13, 9],
      [1, 1],
      [5, 1],
      [2, 17],
    ] as const) {
      const raw = { width, height, channels };
      const file = await sharp(noise(width * height * channels), { raw })
        .png(options)
        .toBuffer();
      const { shape, data } = decodePng(file, 'it');
      expect({ shape, data: Array.from(data) }).toEqual(await bySharp(file));
    }
  });

  it('is decoded whatever the filter of each line', () => {
    // One pixel is one byte: values follow from the definitions of section 9.
    const lines = [
      [0, 10, 20, 30],
      [1, 5, 6, 250],
      [2, 1, 2, 3],
      [3, 4, 4, 4],
      [4, 1, 1, 1],
    ];
    const { data } = decodePng(pngFile({ width: 3, height: 5, lines: Uint8Array.from(lines.flat()) }), 'it');
    expect(Array.from(data)).toEqual([10, 20, 30, 5, 11, 5, 6, 13, 8, 7, 14, 15, 8, 15, 16]);
  });

  it.each([
    [1, [0b10110000], [255, 0, 255, 255]],
    [2, [0b00011011], [0, 85, 170, 255]],
    [4, [0x0f, 0x84], [0, 255, 136, 68]],
    [16, [0, 0, 255, 255, 0x80, 0x00, 0x00, 0x80], [0, 255, 128, 0]],
  ])('stretches %d bits to the range of 8', (depth, bytes, expected) => {
    const file = pngFile({ width: 4, height: 1, depth, lines: Uint8Array.of(0, ...bytes) });
    expect(Array.from(decodePng(file, 'it').data)).toEqual(expected);
  });

  it('of 16 bits gives the nearest of 8 bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65535 }), (value) => {
        const lines = Uint8Array.of(0, value >> 8, value & 255);
        const [byte] = decodePng(pngFile({ width: 1, height: 1, depth: 16, lines }), 'it').data;
        expect(Math.abs(byte! * 257 - value)).toBeLessThanOrEqual(128);
      }),
    );
  });

  it('keeps its numbers whatever its gamma and its transparency say', async () => {
    const pixels = noise(8 * 8 * 4);
    const plain = await sharp(pixels, { raw: { width: 8, height: 8, channels: 4 } })
      .png()
      .toBuffer();
    const kept = [0, 1, 2].flatMap((c) => Array.from(pixels).filter((_, i) => i % 4 === c));
    expect(Array.from(decodePng(plain, 'it').data)).toEqual(kept);
    const chunk = pngChunk('gAMA', Uint8Array.of(0, 0, 10, 0));
    const dark = Buffer.concat([plain.subarray(0, 33), chunk, plain.subarray(33)]);
    expect(Array.from(decodePng(dark, 'it').data)).toEqual(kept);
  });

  const good = plainPng(4, 4, noise(16));
  const spec = { width: 1, height: 1, lines: Uint8Array.of(0, 0) };
  it.each([
    ['cut short', good.subarray(0, good.length - 20), 'truncated'],
    ['cut in its header', good.subarray(0, 20), 'truncated'],
    ['with a flipped bit', good.with(good.length - 22, good[good.length - 22]! ^ 1), 'checksum'],
    ['with too few lines', pngFile({ ...spec, height: 2 }), 'bytes of pixels'],
    ['with too many lines', pngFile({ ...spec, lines: new Uint8Array(9) }), 'larger'],
    ['with an unknown filter', pngFile({ ...spec, lines: Uint8Array.of(5, 0) }), 'filter'],
    ['with an unknown colour type', pngFile({ ...spec, colourType: 5 }), 'colour type 5'],
    ['with a depth its type does not have', pngFile({ ...spec, colourType: 2, depth: 4 }), '4 bits'],
    ['with an unknown interlacing', pngFile({ ...spec, interlace: 2 }), 'methods'],
    ['of no size', pngFile({ ...spec, width: 0 }), '0 x 1'],
    ['that lacks its palette', pngFile({ ...spec, colourType: 3 }), 'palette'],
    [
      'that leaves its palette',
      pngFile({ ...spec, lines: Uint8Array.of(0, 2), colourType: 3, palette: [0, 0, 0] }),
      'colour 2',
    ],
    [
      'whose pixels are no zlib stream',
      Buffer.concat([good.subarray(0, 33), pngChunk('IDAT', Uint8Array.of(1, 2)), good.subarray(-12)]),
      'header',
    ],
  ])('%s is refused, and the message says why', async (_, bytes, part) => {
    await expect(decode(bytes)).rejects.toEqual(failure('DATA_INVALID', part));
  });
});

describe('a JPEG file', () => {
  const raw = { width: 16, height: 8, channels: 3 } as const;

  it('of one colour is that colour, channels first', async () => {
    const pixels = Uint8Array.from({ length: 16 * 8 * 3 }, (_, i) => [200, 100, 50][i % 3]!);
    const { shape, data } = await decode(await sharp(pixels, { raw }).jpeg({ quality: 100 }).toBuffer());
    expect(shape).toEqual([3, 8, 16]);
    [200, 100, 50].forEach((value, channel) => {
      const plane = data.subarray(channel * 128, (channel + 1) * 128);
      expect(plane.every((sample) => Math.abs(sample - value) <= 1)).toBe(true);
    });
  });

  it('of grey has one channel', async () => {
    const grey = { width: 8, height: 8, channels: 1 } as const;
    const file = await sharp(new Uint8Array(64).fill(77), { raw: grey })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const { shape, data } = await decode(file);
    expect(shape).toEqual([1, 8, 8]);
    expect(data.every((sample) => Math.abs(sample - 77) <= 1)).toBe(true);
  });

  it('keeps its numbers and its orientation whatever its profile and its camera say', async () => {
    const plain = sharp(noise(16 * 8 * 3), { raw });
    const expected = await decode(await plain.clone().jpeg().toBuffer());
    const turned = await decode(await plain.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(turned).toEqual(expected);

    const wide = await plain.clone().withIccProfile('p3').jpeg().toBuffer();
    const profile = wide.indexOf(Uint8Array.of(0xff, 0xe2));
    const bare = Buffer.concat([
      wide.subarray(0, profile),
      wide.subarray(profile + 2 + wide.readUInt16BE(profile + 2)),
    ]);
    expect(bare.length).toBeLessThan(wide.length);
    expect(await decode(wide)).toEqual(await decode(bare));
  });

  it('that is cut short is refused', async () => {
    const file = await sharp(noise(16 * 8 * 3), { raw })
      .jpeg()
      .toBuffer();
    await expect(decode(file.subarray(0, file.length >> 1))).rejects.toEqual(failure('DATA_INVALID', 'JPEG'));
  });

  it('without sharp is an error that names what to install', async () => {
    const absent = () => Promise.reject(new Error("Cannot find package 'sharp'"));
    await expect(decodeJpeg(Uint8Array.of(0xff, 0xd8, 0xff), 'dog.jpg', absent)).rejects.toMatchObject({
      key: 'JPEG_DECODER_MISSING',
      message: expect.stringContaining('dog.jpg'),
      help: expect.stringContaining('npm i sharp'),
    });
  });
});

describe('a file that is no picture', () => {
  it.each([
    ['text', Buffer.from('P6 2 2 255')],
    ['nothing', new Uint8Array(0)],
  ])('%s is refused', async (_, bytes) => {
    await expect(decode(bytes)).rejects.toEqual(failure('DATA_INVALID', 'neither'));
  });

  it('or does not exist is said to be missing', async () => {
    await expect(decodeImage('/nowhere/at/all.png')).rejects.toEqual(failure('DATA_NOT_FOUND', '/nowhere'));
  });
});
