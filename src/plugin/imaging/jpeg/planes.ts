import { forwardDct, inverseDct } from './dct.js';

/** A plane of 8-bit samples, row by row. */
export interface Plane {
  readonly samples: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const CENTER = 128;

/** What a plane becomes when its blocks of 8 x 8 are transformed, quantised by the steps of a table, and transformed back. */
export function quantisePlane({ samples, width, height }: Plane, table: Int32Array): Plane {
  const out = new Uint8ClampedArray(samples.length);
  const block = new Int32Array(64);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let i = 0; i < 64; i++) {
        // A block that reaches over the edge is filled with the edge's samples.
        const y = Math.min(top + (i >> 3), height - 1);
        const x = Math.min(left + (i & 7), width - 1);
        block[i] = samples[y * width + x]! - CENTER;
      }
      forwardDct(block);
      for (let i = 0; i < 64; i++) {
        const step = table[i]!;
        const coefficient = block[i]!;
        // The transform left eight times the coefficient; halves go away from zero.
        const size = Math.floor((Math.abs(coefficient) + 4 * step) / (8 * step));
        block[i] = coefficient < 0 ? -size * step : size * step;
      }
      inverseDct(block);
      const bottom = Math.min(8, height - top);
      const right = Math.min(8, width - left);
      for (let y = 0; y < bottom; y++) {
        for (let x = 0; x < right; x++) out[(top + y) * width + left + x] = block[8 * y + x]! + CENTER;
      }
    }
  }
  return { samples: new Uint8Array(out.buffer), width, height };
}

/**
 * Means of 2 x 2 samples, rounded down and up by turns along a row. Its width is filled up to whole blocks, from the last
 * column; the height is half that of the plane, rounded up.
 */
export function halvePlane({ samples, width, height }: Plane): Plane {
  const halfWidth = 8 * Math.ceil(width / 16);
  const halfHeight = Math.ceil(height / 2);
  const out = new Uint8Array(halfWidth * halfHeight);
  for (let y = 0, place = 0; y < halfHeight; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < halfWidth; x++, place++) {
      const left = Math.min(2 * x, width - 1);
      const right = Math.min(2 * x + 1, width - 1);
      const sum =
        samples[upper + left]! + samples[upper + right]! + samples[lower + left]! + samples[lower + right]!;
      out[place] = (sum + 1 + (x & 1)) >> 2;
    }
  }
  return { samples: out, width: halfWidth, height: halfHeight };
}

/**
 * The first columns of a halved plane enlarged to `width` x `height`: every sample is 9 parts its nearest, 3 parts each of the
 * next nearest in its row and column, 1 part of the one diagonally behind ("fancy" upsampling), the ends repeated. Where the
 * image has at most two of them in a row, they are repeated instead.
 */
export function doublePlane(half: Plane, width: number, height: number): Plane {
  const out = new Uint8Array(width * height);
  const columns = Math.ceil(width / 2);
  const rows = Math.ceil(height / 2);
  const sums = new Int32Array(columns);
  for (let y = 0; y < height; y++) {
    const near = (y >> 1) * half.width;
    const place = y * width;
    if (columns <= 2) {
      for (let x = 0; x < width; x++) out[place + x] = half.samples[near + (x >> 1)]!;
      continue;
    }
    const next = (y >> 1) + (y & 1 ? 1 : -1);
    const far = Math.min(Math.max(next, 0), rows - 1) * half.width;
    for (let x = 0; x < columns; x++) sums[x] = 3 * half.samples[near + x]! + half.samples[far + x]!;
    for (let x = 0; x < width; x++) {
      const column = x >> 1;
      const odd = x & 1;
      const beside = Math.min(Math.max(column + (odd ? 1 : -1), 0), columns - 1);
      out[place + x] = (3 * sums[column]! + sums[beside]! + (odd ? 7 : 8)) >> 4;
    }
  }
  return { samples: out, width, height };
}
