import type { Image } from '../corruption.js';
import { edgeSources } from './edges.js';
import { memoize } from './memoize.js';

export interface MotionBlur {
  /** Reach in pixels: the kernel has 2 * ceil(radius) + 1 taps. */
  readonly radius: number;
  /** Standard deviation of the taps' weights, in pixels. */
  readonly sigma: number;
  /** Direction of the taps in degrees, from right toward down. */
  readonly angle: number;
}

/** An 8-bit level in the 16 bits that ImageMagick computes with. */
const QUANTUM = 257;

/**
 * Levels (0 to 255, channels first) blurred along a line, as levels: ImageMagick 6's MotionBlur on 16 bits. The kernel is one
 * side of a Gaussian, its taps on the pixels nearest to a ray from each pixel; the edge pixels are repeated; the sum becomes
 * 16 bits by rounding and 8 bits by cutting.
 */
export function motionBlur(levels: Uint8Array, shape: Image['shape'], blur: MotionBlur): Uint8Array {
  const [, height, width] = shape;
  const weights = oneSidedKernel(blur.radius, blur.sigma);
  const reach = weights.length - 1;
  const rows = edgeSources(height, reach, 'nearest');
  const columns = edgeSources(width, reach, 'nearest');
  const sums = new Float64Array(levels.length);
  const angle = (blur.angle / 180) * Math.PI;
  for (let tap = 0; tap <= reach; tap++) {
    const weight = weights[tap]!;
    const down = Math.ceil(tap * Math.sin(angle) - 0.5) + reach;
    const right = Math.ceil(tap * Math.cos(angle) - 0.5) + reach;
    for (let start = 0; start < levels.length; start += height * width) {
      for (let y = 0; y < height; y++) {
        const row = start + rows[y + down]! * width;
        const place = start + y * width;
        for (let x = 0; x < width; x++) sums[place + x]! += weight * levels[row + columns[x + right]!]!;
      }
    }
  }
  const out = new Uint8Array(levels.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.floor(Math.floor(sums[i]! * QUANTUM + 0.5) / QUANTUM);
  return out;
}

/** Weights of the taps at 0, 1, 2, ... pixels; they sum to 1. */
const oneSidedKernel = memoize((radius: number, sigma: number): Float64Array => {
  const weights = Float64Array.from({ length: 2 * Math.ceil(radius) + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => weight / sum);
});
