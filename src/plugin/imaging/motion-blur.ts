import type { Image } from '../corruption.js';
import { correlate } from './correlate.js';
import { memoize } from './memoize.js';

export interface MotionBlur {
  /** Reach in pixels: the kernel has 2 * ceil(radius) + 1 taps. */
  readonly radius: number;
  /** Standard deviation of the taps' weights, in pixels. */
  readonly sigma: number;
  /** Direction of the taps in degrees, from right toward down. */
  readonly angle: number;
  /** How 16 bits become 8: cut, as ImageMagick does, or to the nearest; default cut. */
  readonly to8Bits?: 'cut' | 'nearest';
}

/** An 8-bit level in the 16 bits that ImageMagick computes with. */
const QUANTUM = 257;

/**
 * Levels (0 to 255, channels first) blurred along a line, as levels: ImageMagick 6's MotionBlur on 16 bits. The kernel is one
 * side of a Gaussian, its taps on the pixels nearest to a ray from each pixel; the edge pixels are repeated.
 */
export function motionBlur(levels: Uint8Array, shape: Image['shape'], blur: MotionBlur): Uint8Array {
  const angle = (blur.angle / 180) * Math.PI;
  const [down, right] = [Math.sin(angle), Math.cos(angle)];
  const taps = oneSidedKernel(blur.radius, blur.sigma).map((weight, i) => ({
    down: Math.ceil(i * down - 0.5),
    right: Math.ceil(i * right - 0.5),
    weight,
  }));
  const bias = blur.to8Bits === 'nearest' ? (QUANTUM - 1) / 2 : 0;
  const sums = correlate(levels, shape, taps, 'nearest');
  const out = new Uint8Array(levels.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.floor((Math.floor(sums[i]! * QUANTUM + 0.5) + bias) / QUANTUM);
  }
  return out;
}

/** Weights of the taps at 0, 1, 2, ... pixels; they sum to 1. */
const oneSidedKernel = memoize((radius: number, sigma: number): readonly number[] => {
  const weights = Array.from({ length: 2 * Math.ceil(radius) + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => weight / sum);
});
