import { crc32, inflateSync } from 'node:zlib';
import { GauntletError, messageOf } from '../../errors.js';
import type { DecodedImage } from './decoded.js';
import { unfilter } from './png-filter.js';

/** PNG (W3C, Portable Network Graphics Specification, third edition); section numbers below are of that text. */
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Whether bytes begin like a PNG file. */
export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

/** Colour types: samples stored per pixel, how many of them are kept (alpha is not), bit depths allowed (11.2.1). */
const COLOUR_TYPES: Readonly<Record<number, { stored: number; kept: number; depths: readonly number[] }>> = {
  0: { stored: 1, kept: 1, depths: [1, 2, 4, 8, 16] },
  2: { stored: 3, kept: 3, depths: [8, 16] },
  3: { stored: 1, kept: 1, depths: [1, 2, 4, 8] },
  4: { stored: 2, kept: 1, depths: [8, 16] },
  6: { stored: 4, kept: 3, depths: [8, 16] },
};
const PALETTE = 3;

/** Where the pixels of a pass lie: first column and row, and the steps between columns and rows. */
type Pass = readonly [x: number, y: number, dx: number, dy: number];
const WHOLE: readonly Pass[] = [[0, 0, 1, 1]];
/** Adam7 (8.1). */
const INTERLACED: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly stored: number;
  readonly kept: number;
  readonly passes: readonly Pass[];
}

/**
 * Decodes a PNG of any colour type and bit depth, interlaced or not. Alpha is dropped, a palette gives three channels.
 * @param name how messages call the file.
 * @throws GauntletError DATA_INVALID when the file is truncated, damaged (a checksum is wrong) or not within the standard.
 */
export function decodePng(bytes: Uint8Array, name: string): DecodedImage {
  const fail = (reason: string, cause?: unknown): GauntletError =>
    new GauntletError('DATA_INVALID', `${name} is a damaged PNG file: ${reason}.`, { cause });
  const chunks = readChunks(bytes, fail);
  const header = readHeader(chunks.get('IHDR')?.[0], fail);
  const { width, height, kept, colourType, stored, depth } = header;
  const palette = chunks.get('PLTE')?.[0];
  if (colourType === PALETTE && palette === undefined) throw fail('it has no palette');

  const grids = header.passes.map(([x, y, dx, dy]) => {
    const [across, down] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    const stride = across === 0 ? 0 : Math.ceil((across * stored * depth) / 8);
    return { x, y, dx, dy, across, down: across === 0 ? 0 : down, stride };
  });
  const needed = grids.reduce((sum, { down, stride }) => sum + down * (1 + stride), 0);
  let data: Uint8Array;
  try {
    data = inflateSync(Buffer.concat(chunks.get('IDAT') ?? []), { maxOutputLength: needed });
  } catch (cause) {
    throw fail(messageOf(cause), cause);
  }
  if (data.length !== needed) throw fail(`it holds ${data.length} bytes of pixels, expected ${needed}`);

  const area = width * height;
  const samples = new Uint8Array(kept * area);
  let start = 0;
  for (const { x, y, dx, dy, across, down, stride } of grids) {
    const length = down * (1 + stride);
    const lines = unfilter(data.subarray(start, start + length), stride, Math.ceil((stored * depth) / 8));
    if (lines === undefined) throw fail('it names a filter that does not exist');
    for (let row = 0; row < down; row++) {
      for (let column = 0; column < across; column++) {
        const place = (y + row * dy) * width + x + column * dx;
        for (let channel = 0; channel < kept; channel++) {
          const value = sampleAt(lines, row * stride, column * stored + channel, depth);
          samples[channel * area + place] = colourType === PALETTE ? value : toByte(value, depth);
        }
      }
    }
    start += length;
  }
  if (colourType !== PALETTE) return { shape: [kept, height, width], data: samples };
  return { shape: [3, height, width], data: look(samples, palette!, fail) };
}

type Fail = (reason: string, cause?: unknown) => GauntletError;

/** Chunks that decide about pixels, by type, checksums verified (5.3); the others say nothing of them. */
function readChunks(bytes: Uint8Array, fail: Fail): ReadonlyMap<string, Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  for (let at = SIGNATURE.length; ;) {
    if (at + 12 > bytes.length) throw fail('it is truncated');
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) throw fail('it is truncated');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IEND') return chunks;
    if (['IHDR', 'PLTE', 'IDAT'].includes(type)) {
      if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
        throw fail(`the checksum of its ${type} chunk is wrong`);
      }
      const before = chunks.get(type) ?? [];
      chunks.set(type, [...before, bytes.subarray(at + 8, end)]);
    }
    at = end + 4;
  }
}

function readHeader(chunk: Uint8Array | undefined, fail: Fail): Header {
  if (chunk?.length !== 13) throw fail('it has no header');
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const [width, height, depth, colourType] = [
    view.getUint32(0),
    view.getUint32(4),
    view.getUint8(8),
    view.getUint8(9),
  ];
  const kind = COLOUR_TYPES[colourType];
  if (width === 0 || height === 0) throw fail(`its size is ${width} x ${height}`);
  if (!kind?.depths.includes(depth))
    throw fail(`colour type ${colourType} with ${depth} bits does not exist`);
  const [compression, filter, interlace] = chunk.subarray(10);
  if (compression !== 0 || filter !== 0 || interlace! > 1) throw fail('its header names unknown methods');
  return {
    ...{ width, height, depth, colourType, stored: kind.stored, kept: kind.kept },
    passes: interlace === 1 ? INTERLACED : WHOLE,
  };
}

/** Sample `index` of the line that starts at `start`: 1 to 16 bits, the highest first (7.2). */
function sampleAt(lines: Uint8Array, start: number, index: number, depth: number): number {
  if (depth === 8) return lines[start + index]!;
  if (depth === 16) return lines[start + 2 * index]! * 256 + lines[start + 2 * index + 1]!;
  const bit = index * depth;
  return (lines[start + (bit >> 3)]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

/** A sample of `depth` bits as the nearest of 8 bits (13.12). */
function toByte(value: number, depth: number): number {
  return depth === 8 ? value : Math.floor((value * 255) / (2 ** depth - 1) + 0.5);
}

/** The colours that indices stand for, channels first. */
function look(indices: Uint8Array, palette: Uint8Array, fail: Fail): Uint8Array {
  const out = new Uint8Array(3 * indices.length);
  for (let place = 0; place < indices.length; place++) {
    const entry = 3 * indices[place]!;
    if (entry + 2 >= palette.length) throw fail(`it uses colour ${indices[place]} outside its palette`);
    for (let channel = 0; channel < 3; channel++) {
      out[channel * indices.length + place] = palette[entry + channel]!;
    }
  }
  return out;
}
