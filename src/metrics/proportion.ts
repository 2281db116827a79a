import type { Interval, Proportion } from '../evaluate/cell.js';

/** Two-sided 95 % point of the standard normal. */
export const Z_95 = 1.959963984540054;

/**
 * Bounds of the Wilson score interval at 95 % (Wilson 1927, without continuity correction).
 * @param correct successes, 0..n; need not be whole, so that an effective sample can be passed
 * @param n trials; with none the interval is [0, 1]
 */
export function wilsonBounds(correct: number, n: number): { lower: number; upper: number } {
  if (n === 0) return { lower: 0, upper: 1 };
  const p = correct / n;
  const z2 = Z_95 * Z_95;
  const centre = p + z2 / (2 * n);
  const half = Z_95 * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  // At 0 and n the bound is exactly 0 and 1; the formula misses it by a rounding error.
  return {
    lower: correct === 0 ? 0 : Math.max(0, (centre - half) / scale),
    upper: correct === n ? 1 : Math.min(1, (centre + half) / scale),
  };
}

/** The 95 % Wilson score interval of `correct` out of `n`. */
export function wilsonInterval(correct: number, n: number): Interval {
  return { ...wilsonBounds(correct, n), level: 0.95, method: 'wilson' };
}

/** A count with its interval. */
export function proportion(correct: number, n: number): Proportion {
  return { correct, n, interval: wilsonInterval(correct, n) };
}
