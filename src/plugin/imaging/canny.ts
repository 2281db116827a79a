import { gaussianBlur } from './gaussian-blur.js';

const { abs, max, min, sqrt } = Math;

/** Keeps the division by a blurred mask away from 0: the distance of float64 from 1 to the next number. */
const EPSILON = Number.EPSILON;

export interface CannySettings {
  /** Standard deviation of the smoothing, in pixels. */
  readonly sigma: number;
  /** Gradient magnitude an edge pixel has at least. */
  readonly low: number;
  /** Gradient magnitude that at least one pixel of an edge has. */
  readonly high: number;
}

interface Gradient {
  /** Per pixel, down the rows and along the columns. */
  readonly down: Float64Array;
  readonly right: Float64Array;
  readonly magnitude: Float64Array;
}

/**
 * Edges of one channel (Canny, "A computational approach to edge detection", IEEE TPAMI 8, 1986): smoothed, Sobel gradients,
 * kept where the magnitude is largest across the edge, then the weak ones that touch a strong one. The conventions are those
 * of scikit-image 0.19: black beyond the image with the smoothed values rescaled for it, no edges on the outermost pixels.
 *
 * @param values `height` x `width`, row by row
 * @returns 1 on edges, 0 elsewhere
 */
export function cannyEdges(
  values: Float64Array,
  height: number,
  width: number,
  { sigma, low, high }: CannySettings,
): Uint8Array {
  const gradient = sobel(smoothed(values, height, width, sigma), height, width);
  const thin = ridges(gradient, height, width, low);
  return connected(thin, gradient.magnitude, height, width, high);
}

/** Blurred as if nothing lay beyond the image, instead of black. */
function smoothed(values: Float64Array, height: number, width: number, sigma: number): Float64Array {
  const shape = [1, height, width] as const;
  const blurred = gaussianBlur(values, shape, sigma, { edge: 'zero' });
  const share = gaussianBlur(new Float64Array(values.length).fill(1), shape, sigma, { edge: 'zero' });
  for (let i = 0; i < blurred.length; i++) blurred[i] = blurred[i]! / (share[i]! + EPSILON);
  return blurred;
}

/** Sobel's differences, edges replicated. The order of the sums is SciPy's: at symmetric edges it decides between equals. */
function sobel(values: Float64Array, height: number, width: number): Gradient {
  const down = new Float64Array(values.length);
  const right = new Float64Array(values.length);
  const magnitude = new Float64Array(values.length);
  for (let y = 0, i = 0; y < height; y++) {
    const above = max(y - 1, 0) * width;
    const here = y * width;
    const below = min(y + 1, height - 1) * width;
    for (let x = 0; x < width; x++, i++) {
      const before = max(x - 1, 0);
      const after = min(x + 1, width - 1);
      const acrossColumn = (column: number): number => values[below + column]! - values[above + column]!;
      const acrossRow = (row: number): number => values[row + after]! - values[row + before]!;
      down[i] = 2 * acrossColumn(x) + (acrossColumn(before) + acrossColumn(after));
      right[i] = 2 * acrossRow(here) + (acrossRow(above) + acrossRow(below));
      magnitude[i] = sqrt(down[i]! * down[i]! + right[i]! * right[i]!);
    }
  }
  return { down, right, magnitude };
}

/**
 * Pixels of at least the magnitude `low` that no neighbour along the gradient exceeds. The neighbours lie between two pixels:
 * one straight ahead along the stronger component, one diagonal.
 */
function ridges(
  { down, right, magnitude }: Gradient,
  height: number,
  width: number,
  low: number,
): Uint8Array {
  const out = new Uint8Array(magnitude.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const here = magnitude[i]!;
      if (here < low) continue;
      const [alongRows, alongColumns] = [abs(down[i]!), abs(right[i]!)];
      const vertical = alongRows > alongColumns;
      const falling = (down[i]! >= 0 && right[i]! >= 0) || (down[i]! <= 0 && right[i]! <= 0);
      const straight = vertical ? width : 1;
      const diagonal = falling ? width + 1 : vertical ? width - 1 : 1 - width;
      const weight = vertical ? alongColumns / alongRows : alongRows / alongColumns;
      const ahead = magnitude[i + diagonal]! * weight + magnitude[i + straight]! * (1 - weight);
      const behind = magnitude[i - diagonal]! * weight + magnitude[i - straight]! * (1 - weight);
      if (ahead <= here && behind <= here) out[i] = 1;
    }
  }
  return out;
}

/** The pixels of `thin` that are connected, over sides or corners, to one of them of at least the magnitude `high`. */
function connected(
  thin: Uint8Array,
  magnitude: Float64Array,
  height: number,
  width: number,
  high: number,
): Uint8Array {
  const out = new Uint8Array(thin.length);
  const reached: number[] = [];
  for (let i = 0; i < thin.length; i++) {
    if (thin[i] === 0 || magnitude[i]! < high) continue;
    out[i] = 1;
    reached.push(i);
  }
  for (let i = reached.pop(); i !== undefined; i = reached.pop()) {
    const [row, column] = [Math.floor(i / width), i % width];
    for (let y = max(row - 1, 0); y <= min(row + 1, height - 1); y++) {
      for (let x = max(column - 1, 0); x <= min(column + 1, width - 1); x++) {
        const next = y * width + x;
        if (thin[next] === 0 || out[next] === 1) continue;
        out[next] = 1;
        reached.push(next);
      }
    }
  }
  return out;
}
