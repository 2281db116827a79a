import type { Image } from '../corruption.js';
import { memoize } from './memoize.js';

/** Bits of a weight's fraction: 32 less 8 of the pixel and 2 to spare. */
const WEIGHT_BITS = 22;

/** For each output pixel the first input pixel under its box, how many there are, and their weights (`most` places each). */
interface Boxes {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  readonly most: number;
}

/**
 * Levels (0 to 255, channels first) resized with a box filter, as Pillow's `resize(..., BOX)` does it: weights of 22 bits,
 * rows first, then columns, with 8 bits in between. Enlarging repeats pixels.
 */
export function resizeBox(
  levels: Uint8Array,
  [channels, height, width]: Image['shape'],
  newHeight: number,
  newWidth: number,
): Uint8Array {
  const lines = channels * height;
  const wide = width === newWidth ? levels : new Uint8Array(lines * newWidth);
  if (wide !== levels) {
    const boxes = boxesOf(width, newWidth);
    for (let line = 0; line < lines; line++) {
      resizeLine(levels, line * width, 1, wide, line * newWidth, 1, boxes);
    }
  }
  if (height === newHeight) return wide.slice();
  const out = new Uint8Array(channels * newHeight * newWidth);
  const boxes = boxesOf(height, newHeight);
  for (let channel = 0; channel < channels; channel++) {
    for (let x = 0; x < newWidth; x++) {
      const from = channel * height * newWidth + x;
      resizeLine(wide, from, newWidth, out, channel * newHeight * newWidth + x, newWidth, boxes);
    }
  }
  return out;
}

function resizeLine(
  from: Uint8Array,
  offset: number,
  stride: number,
  to: Uint8Array,
  toOffset: number,
  toStride: number,
  { first, count, weights, most }: Boxes,
): void {
  for (let i = 0; i < first.length; i++) {
    let sum = 1 << (WEIGHT_BITS - 1);
    const start = offset + first[i]! * stride;
    for (let k = 0; k < count[i]!; k++) sum += from[start + k * stride]! * weights[i * most + k]!;
    to[toOffset + i * toStride] = sum >> WEIGHT_BITS;
  }
}

const boxesOf = memoize((length: number, newLength: number): Boxes => {
  const scale = length / newLength;
  // A box narrower than a pixel would fall between two.
  const box = Math.max(scale, 1);
  const most = Math.ceil(box / 2) * 2 + 1;
  const boxes = {
    first: new Int32Array(newLength),
    count: new Int32Array(newLength),
    weights: new Int32Array(newLength * most),
    most,
  };
  for (let i = 0; i < newLength; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(Math.trunc(center - box / 2 + 0.5), 0);
    const end = Math.min(Math.trunc(center + box / 2 + 0.5), length);
    const inside = Array.from({ length: end - first }, (_, k) => {
      const place = (first + k - center + 0.5) / box;
      return place > -0.5 && place <= 0.5 ? 1 : 0;
    });
    const sum = inside.reduce<number>((total, weight) => total + weight, 0);
    boxes.first[i] = first;
    boxes.count[i] = inside.length;
    inside.forEach(
      (weight, k) => (boxes.weights[i * most + k] = Math.trunc(0.5 + (weight / sum) * 2 ** WEIGHT_BITS)),
    );
  }
  return boxes;
});
