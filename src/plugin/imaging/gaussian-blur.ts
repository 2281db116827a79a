import type { Image } from '../corruption.js';
import { edgeSources, type Edge } from './edges.js';
import { memoize } from './memoize.js';

export interface GaussianBlur {
  /** Both axes, or down the columns alone; default both. */
  readonly axes?: 'both' | 'vertical';
  /** Default nearest. */
  readonly edge?: Exclude<Edge, 'mirror'>;
  /** Standard deviations at which the kernel is cut; default 4. */
  readonly truncate?: number;
}

/** Below this (pixels) there is nothing to blur, and no kernel. */
const NO_BLUR = 1e-15;

/**
 * Values (channels first) blurred by a Gaussian of standard deviation `sigma` pixels, along columns, then along rows, as a
 * new array. The kernel reaches `floor(truncate * sigma + 0.5)` pixels to either side and is normalised; a sigma of 0 changes
 * nothing. Sums run in the order of `scipy.ndimage.gaussian_filter`, to whose last bit the result agrees.
 */
export function gaussianBlur(
  values: Float64Array,
  [, height, width]: Image['shape'],
  sigma: number,
  { axes = 'both', edge = 'nearest', truncate = 4 }: GaussianBlur = {},
): Float64Array {
  const out = values.slice();
  if (sigma <= NO_BLUR) return out;
  const half = halfKernel(sigma, truncate);
  const rows = edgeSources(height, half.length - 1, edge);
  const columns = edgeSources(width, half.length - 1, edge);
  const line = new Float64Array(Math.max(rows.length, columns.length));
  for (let start = 0; start < out.length; start += height * width) {
    for (let x = 0; x < width; x++) blurLine(out, start + x, width, rows, half, line);
    if (axes === 'vertical') continue;
    for (let y = 0; y < height; y++) blurLine(out, start + y * width, 1, columns, half, line);
  }
  return out;
}

/**
 * Weights of the kernel's center and of the places to one side of it; the whole kernel sums to 1. Summed from end to end,
 * as the reference does: on a flat area one bit of the sum decides between two levels.
 */
const halfKernel = memoize((sigma: number, truncate: number): Float64Array => {
  const radius = Math.floor(truncate * sigma + 0.5);
  const exponent = -0.5 / (sigma * sigma);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(exponent * (i - radius) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight);
  return kernel.subarray(radius).map((weight) => weight / sum);
});

/** Blurs, in place, the values at offset, offset + stride, ...; `line` is room for the line with its margins. */
function blurLine(
  values: Float64Array,
  offset: number,
  stride: number,
  sources: Int32Array,
  half: Float64Array,
  line: Float64Array,
): void {
  const radius = half.length - 1;
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i]!;
    line[i] = source < 0 ? 0 : values[offset + source * stride]!;
  }
  const end = sources.length - radius;
  for (let i = radius, place = offset; i < end; i++, place += stride) {
    let sum = line[i]! * half[0]!;
    for (let k = radius; k > 0; k--) sum += (line[i - k]! + line[i + k]!) * half[k]!;
    values[place] = sum;
  }
}
