import type { Image } from '../corruption.js';
import { roundHalfEven } from '../pixels.js';
import { edgeIndex, type Edge } from './edges.js';

/** x' = xx x + xy y + x0 and y' = yx x + yy y + y0. */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** Bits of the fraction with which coordinates are added up, and with which pixels are then interpolated. */
const COORDINATE_BITS = 10;
const SHARE_BITS = 5;
const SHARES = 2 ** SHARE_BITS;
const SCALE = 2 ** COORDINATE_BITS;
const SHIFT = COORDINATE_BITS - SHARE_BITS;

const { floor, fround } = Math;

/** The affine map that takes three points (x, y, x, y, x, y), not on one line, to three others. */
export function affineThrough(from: Float32Array, to: Float32Array): Affine {
  const [x0, y0, x1, y1, x2, y2] = from as unknown as [number, number, number, number, number, number];
  const [u0, v0, u1, v1, u2, v2] = to as unknown as [number, number, number, number, number, number];
  const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  const along = (at0: number, at1: number, at2: number): [number, number, number] => {
    const x = ((at1 - at0) * (y2 - y0) - (at2 - at0) * (y1 - y0)) / area;
    const y = ((at2 - at0) * (x1 - x0) - (at1 - at0) * (x2 - x0)) / area;
    return [x, y, at0 - x * x0 - y * y0];
  };
  const [xx, xy, xShift] = along(u0, u1, u2);
  const [yx, yy, yShift] = along(v0, v1, v2);
  return { xx, xy, x0: xShift, yx, yy, y0: yShift };
}

/** The map back; one that is not invertible becomes all zero, as in OpenCV. */
export function inverseAffine({ xx, xy, x0, yx, yy, y0 }: Affine): Affine {
  const determinant = xx * yy - xy * yx;
  const scale = determinant === 0 ? 0 : 1 / determinant;
  const back = { xx: yy * scale, xy: -xy * scale, yx: -yx * scale, yy: xx * scale };
  return { ...back, x0: -back.xx * x0 - back.xy * y0, y0: -back.yx * x0 - back.yy * y0 };
}

/**
 * An image (channels first, single precision) moved by an affine map, as OpenCV 4.6 `warpAffine` does it: places of origin in
 * fixed point to 1/32 of a pixel, bilinear in single precision. Beyond the edges it reads what `edge` says.
 */
export function warpAffine(
  values: Float32Array,
  [, height, width]: Image['shape'],
  map: Affine,
  edge: Edge,
): Float32Array {
  const { xx, xy, x0, yx, yy, y0 } = inverseAffine(map);
  const sourceOf = edgeIndex[edge];
  const area = height * width;
  const out = new Float32Array(values.length);
  const half = SCALE / SHARES / 2;
  const stepsX = Int32Array.from({ length: width }, (_, x) => roundHalfEven(xx * x * SCALE));
  const stepsY = Int32Array.from({ length: width }, (_, x) => roundHalfEven(yx * x * SCALE));
  for (let y = 0; y < height; y++) {
    const startX = roundHalfEven((xy * y + x0) * SCALE) + half;
    const startY = roundHalfEven((yy * y + y0) * SCALE) + half;
    for (let x = 0; x < width; x++) {
      const placeX = (startX + stepsX[x]!) >> SHIFT;
      const placeY = (startY + stepsY[x]!) >> SHIFT;
      const right = (placeX & (SHARES - 1)) / SHARES;
      const lower = (placeY & (SHARES - 1)) / SHARES;
      const column = placeX >> SHARE_BITS;
      const row = placeY >> SHARE_BITS;
      const inside = column >= 0 && column < width - 1 && row >= 0 && row < height - 1;
      const left = inside ? column : sourceOf(column, width);
      const next = inside ? column + 1 : sourceOf(column + 1, width);
      const above = inside ? row : sourceOf(row, height);
      const below = inside ? row + 1 : sourceOf(row + 1, height);
      for (let start = 0; start < values.length; start += area) {
        const upperRow = start + above * width;
        const lowerRow = start + below * width;
        let sum = 0;
        if (above >= 0 && left >= 0) sum = fround(values[upperRow + left]! * (1 - lower) * (1 - right));
        if (above >= 0 && next >= 0)
          sum = fround(sum + fround(values[upperRow + next]! * (1 - lower) * right));
        if (below >= 0 && left >= 0)
          sum = fround(sum + fround(values[lowerRow + left]! * lower * (1 - right)));
        if (below >= 0 && next >= 0) sum = fround(sum + fround(values[lowerRow + next]! * lower * right));
        out[start + y * width + x] = sum;
      }
    }
  }
  return out;
}

/**
 * An image (channels first, single precision) whose pixel (y, x) is read, bilinearly, at (y + down, x + right), as
 * `scipy.ndimage.map_coordinates(order=1)` does. A place beyond the outermost pixels is zero, or, with `reflect`, what the
 * image goes on with.
 */
export function displace(
  values: Float32Array,
  [, height, width]: Image['shape'],
  down: Float32Array,
  right: Float32Array,
  edge: 'reflect' | 'zero',
): Float32Array {
  const area = height * width;
  const out = new Float32Array(values.length);
  const sourceOf = edgeIndex.reflect;
  for (let y = 0, place = 0; y < height; y++) {
    for (let x = 0; x < width; x++, place++) {
      let fromY = y + down[place]!;
      let fromX = x + right[place]!;
      if (edge === 'zero' && (fromY < 0 || fromY > height - 1 || fromX < 0 || fromX > width - 1)) continue;
      fromY = reflected(fromY, height);
      fromX = reflected(fromX, width);
      const row = floor(fromY);
      const column = floor(fromX);
      const lower = fromY - row;
      const upper = 1 - lower;
      const next = fromX - column;
      const near = 1 - next;
      const inside = column >= 0 && column < width - 1 && row >= 0 && row < height - 1;
      const aboveRow = (inside ? row : sourceOf(row, height)) * width;
      const belowRow = (inside ? row + 1 : sourceOf(row + 1, height)) * width;
      const leftColumn = inside ? column : sourceOf(column, width);
      const rightColumn = inside ? column + 1 : sourceOf(column + 1, width);
      for (let start = 0; start < values.length; start += area) {
        out[start + place] =
          values[start + aboveRow + leftColumn]! * upper * near +
          values[start + aboveRow + rightColumn]! * upper * next +
          values[start + belowRow + leftColumn]! * lower * near +
          values[start + belowRow + rightColumn]! * lower * next;
      }
    }
  }
  return out;
}

/** A place beyond a line's ends taken back onto it, half a pixel around its ends excepted; SciPy's `reflect`. */
function reflected(place: number, length: number): number {
  if (place >= 0 && place <= length - 1) return place;
  const period = 2 * length;
  if (place < 0) {
    const near = place < -period ? place + period * Math.trunc(-place / period) : place;
    return near < -length ? near + period : -near - 1;
  }
  const near = place - period * Math.trunc(place / period);
  return near >= length ? period - near - 1 : near;
}
