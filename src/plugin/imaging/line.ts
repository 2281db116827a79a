import { clamp } from '../../tensor/clamp.js';
import type { Image } from '../corruption.js';

/** A point of an image, in pixels; it may lie between them, or outside. */
export interface Point {
  readonly column: number;
  readonly row: number;
}

/** Distance from a line, measured along the column, at which its brightness has fallen to nothing. */
const REACH = 2.3;

/**
 * A soft stroke from one point to another that lies to its right, as MNIST-C draws it: 1 on the line, 1 + ln(1 - d / 2.3) at a
 * distance of d pixels along the column, nothing below 0. It fills the columns from the first point's up to, not including,
 * the second's (rounded up) and is empty where that is no column.
 *
 * @returns `height` x `width` values in [0, 1], row by row
 */
export function stroke([, height, width]: Image['shape'], from: Point, to: Point): Float64Array {
  const out = new Float64Array(height * width);
  if (to.column === from.column) return out;
  const slope = (to.row - from.row) / (to.column - from.column);
  const first = Math.max(Math.floor(from.column), 0);
  const end = Math.min(Math.ceil(to.column), width);
  for (let column = first; column < end; column++) {
    const centre = slope * (column - from.column) + from.row;
    for (let row = 0; row < height; row++) {
      const away = Math.abs(row - centre);
      if (away >= REACH) continue;
      out[row * width + column] = clamp(Math.log(1 - away / REACH) + 1, 0, 1);
    }
  }
  return out;
}

/** Adds the same plane of values to every channel, in place, up to white. */
export function addToChannels(values: Float64Array, plane: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = clamp(values[i]! + plane[i % plane.length]!, 0, 1);
}
