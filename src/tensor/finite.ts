import type { Vector } from './norms.js';

/**
 * Whether no value is NaN or infinite. A finite float minus itself is 0, anything else NaN: one comparison per value, where
 * `every(Number.isFinite)` takes a call, and this runs on every gradient.
 */
export function allFinite(values: Vector): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) return false;
  }
  return true;
}
