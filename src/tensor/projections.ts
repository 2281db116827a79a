import type { Norm } from '../plugin/threat.js';
import { clamp } from './clamp.js';
import { l1Shift } from './l1-projection.js';
import { distance, type Vector } from './norms.js';

const { abs, sign } = Math;

/**
 * Moves `candidate`, in place, into the set {x : ||x - center|| <= epsilon, lower <= x <= upper}; a candidate that is in
 * the set stays as it is. Computed in float64: with a Float64Array the result is in the set up to the rounding of one
 * addition; stored in a Float32Array, rounding can leave it by half an ulp per coordinate, which repair.ts undoes.
 *
 * Expects finite candidates and a center within the bounds. An infinite epsilon leaves the box alone.
 */
export type Projection = (
  candidate: Vector,
  center: Float32Array,
  epsilon: number,
  lower: number,
  upper: number,
) => void;

export const projections: Readonly<Record<Norm, Projection>> = {
  linf: projectLinf,
  l2: projectL2,
  l1: projectL1,
  l0: projectL0,
};

/** Exact: ball and box are both boxes. */
function projectLinf(candidate: Vector, center: Float32Array, epsilon: number, lower: number, upper: number) {
  for (let i = 0; i < candidate.length; i++) {
    const difference = candidate[i]! - center[i]!;
    let inBall = candidate[i]!;
    if (difference > epsilon) inBall = center[i]! + epsilon;
    else if (difference < -epsilon) inBall = center[i]! - epsilon;
    candidate[i] = clamp(inBall, lower, upper);
  }
}

/**
 * Onto the ball by scaling, then onto the box. The result is in both sets, because the center is in the box and clipping
 * therefore never takes a coordinate further from it; it is not always the nearest point of the intersection. This is the
 * order attacks in the literature use.
 */
function projectL2(candidate: Vector, center: Float32Array, epsilon: number, lower: number, upper: number) {
  const length = distance('l2', candidate, center);
  const scale = length > epsilon ? epsilon / length : 1;
  for (let i = 0; i < candidate.length; i++) {
    const inBall = scale === 1 ? candidate[i]! : center[i]! + (candidate[i]! - center[i]!) * scale;
    candidate[i] = clamp(inBall, lower, upper);
  }
}

/** Exact: the nearest point of the intersection (see l1-projection.ts). */
function projectL1(candidate: Vector, center: Float32Array, epsilon: number, lower: number, upper: number) {
  const excess = new Float64Array(candidate.length);
  const room = new Float64Array(candidate.length);
  for (let i = 0; i < candidate.length; i++) {
    const difference = candidate[i]! - center[i]!;
    excess[i] = abs(difference);
    room[i] = difference > 0 ? upper - center[i]! : center[i]! - lower;
  }
  const shift = l1Shift(excess, room, epsilon);
  for (let i = 0; i < candidate.length; i++) {
    if (shift === 0) candidate[i] = clamp(candidate[i]!, lower, upper);
    else {
      const moved = clamp(excess[i]! - shift, 0, room[i]!);
      candidate[i] = clamp(center[i]! + sign(candidate[i]! - center[i]!) * moved, lower, upper);
    }
  }
}

/**
 * Exact: of the points that differ from the center in at most floor(epsilon) coordinates, the nearest. It keeps the
 * coordinates whose reset would cost most, clipped to the box; ties go to the lowest index.
 */
function projectL0(candidate: Vector, center: Float32Array, epsilon: number, lower: number, upper: number) {
  const kept = Math.min(Math.floor(epsilon), candidate.length);
  const gain = Float64Array.from(candidate, (value, i) => {
    const beyondBox = value - clamp(value, lower, upper);
    return (value - center[i]!) ** 2 - beyondBox ** 2;
  });
  const threshold = kept === 0 ? Infinity : gain.toSorted()[gain.length - kept]!;
  let ties = kept - gain.reduce((count, value) => count + (value > threshold ? 1 : 0), 0);
  for (let i = 0; i < candidate.length; i++) {
    const keep = gain[i]! > threshold || (gain[i] === threshold && ties-- > 0);
    candidate[i] = keep ? clamp(candidate[i]!, lower, upper) : center[i]!;
  }
}
