import type { Norm } from '../plugin/threat.js';
import { clamp } from './clamp.js';
import { roundToward } from './float32.js';
import { projections } from './projections.js';

/** Largest relative excess over epsilon that the float64 distance of a repaired candidate can show. */
export const DISTANCE_TOLERANCE = 1e-7;

/**
 * The nearest thing to a candidate that certainly is in the threat set: projected onto ball and bounds in float64, then
 * each coordinate rounded to float32 toward the clean one, so that rounding cannot leave the set again. For the result,
 * distance(norm, result, clean) <= epsilon * (1 + DISTANCE_TOLERANCE) and every coordinate is in [lower, upper]. A
 * candidate in the set comes back unchanged.
 *
 * @param candidate finite values; a non-finite candidate is the caller's to reject.
 * @param clean the unmodified example, within the bounds.
 * @param epsilon Infinity for threats that only have bounds.
 * @returns a new array.
 */
export function repair(
  norm: Norm,
  candidate: Float32Array,
  clean: Float32Array,
  epsilon: number,
  lower: number,
  upper: number,
): Float32Array {
  const point = new Float64Array(candidate);
  projections[norm](point, clean, epsilon, lower, upper);
  const repaired = new Float32Array(point.length);
  for (let i = 0; i < point.length; i++) repaired[i] = roundToward(point[i]!, clean[i]!);
  return repaired;
}

/** A copy of the candidate with every coordinate clipped to its own interval. */
export function repairToBox(candidate: Float32Array, lower: Float32Array, upper: Float32Array): Float32Array {
  return candidate.map((value, i) => clamp(value, lower[i]!, upper[i]!));
}
