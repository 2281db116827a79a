import type { Image } from '../corruption.js';
import { edgeSources, type Edge } from './edges.js';

/** One place of a kernel: how far below and right of the pixel it reads, and its weight. */
export interface Tap {
  readonly down: number;
  readonly right: number;
  readonly weight: number;
}

/**
 * The weighted sum of the taps at every pixel, channel by channel (channels first), as a new array. Each sum runs in the order
 * of the taps.
 */
export function correlate(
  values: Float64Array | Uint8Array,
  [, height, width]: Image['shape'],
  taps: readonly Tap[],
  edge: Edge,
): Float64Array {
  const margin = taps.reduce((most, { down, right }) => Math.max(most, Math.abs(down), Math.abs(right)), 0);
  const rows = edgeSources(height, margin, edge);
  const columns = edgeSources(width, margin, edge);
  const stride = columns.length;
  const padded = new Float64Array(rows.length * stride);
  const out = new Float64Array(values.length);
  for (let start = 0; start < out.length; start += height * width) {
    for (let y = 0, place = 0; y < rows.length; y++) {
      const row = rows[y]!;
      for (let x = 0; x < stride; x++, place++) {
        const column = columns[x]!;
        padded[place] = row < 0 || column < 0 ? 0 : values[start + row * width + column]!;
      }
    }
    for (const { down, right, weight } of taps) {
      for (let y = 0; y < height; y++) {
        const from = (y + down + margin) * stride + right + margin;
        const to = start + y * width;
        for (let x = 0; x < width; x++) out[to + x]! += weight * padded[from + x]!;
      }
    }
  }
  return out;
}
