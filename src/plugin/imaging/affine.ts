import type { Image } from '../corruption.js';

const { floor } = Math;

/** Where an output pixel comes from, in pixels right (x) and down (y) of the image's centre. */
export interface AffineMap {
  /** The linear part: x' = xx x + xy y, y' = yx x + yy y. */
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  /** Added to x' and y'; 0 when absent. */
  readonly shiftX?: number;
  readonly shiftY?: number;
}

/**
 * Every channel sampled bilinearly, in float64, at the places an affine map about the image's centre names for its pixels;
 * black outside the image. This is the rule of scikit-image's `warp` with its defaults (order 1, mode constant).
 *
 * @param values channels first
 * @param inverse from output to input, so scaling by 2 halves what the image shows
 */
export function resampleAffine(
  values: Float64Array,
  shape: Image['shape'],
  inverse: AffineMap,
): Float64Array {
  const [channels, height, width] = shape;
  const { xx, xy, yx, yy, shiftX = 0, shiftY = 0 } = inverse;
  // The centre's share of the map is one constant per axis, as in a 3 x 3 matrix, whose last bits decide halves of a level.
  const offsetX = ((width - 1) / 2) * (1 - xx) - ((height - 1) / 2) * xy + shiftX;
  const offsetY = ((height - 1) / 2) * (1 - yy) - ((width - 1) / 2) * yx + shiftY;
  const out = new Float64Array(values.length);
  for (let c = 0, i = 0; c < channels; c++) {
    const start = c * height * width;
    const pixel = (y: number, x: number): number =>
      x < 0 || y < 0 || x >= width || y >= height ? 0 : values[start + y * width + x]!;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const sourceX = xx * x + xy * y + offsetX;
        const sourceY = yx * x + yy * y + offsetY;
        const left = floor(sourceX);
        const top = floor(sourceY);
        const u = sourceX - left;
        const v = sourceY - top;
        const above = (1 - u) * pixel(top, left) + u * pixel(top, left + 1);
        const below = (1 - u) * pixel(top + 1, left) + u * pixel(top + 1, left + 1);
        out[i] = (1 - v) * above + v * below;
      }
    }
  }
  return out;
}
