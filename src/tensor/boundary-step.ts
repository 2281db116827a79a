import { clamp } from './clamp.js';
import { hyperplaneMove } from './hyperplane.js';
import type { ConvexNorm } from './norms.js';

/** A boundary made linear at a point x: the points x + d with value + normal . d = 0. */
export interface LinearBoundary {
  readonly value: number;
  /** Finite, and not zero everywhere. */
  readonly normal: Float32Array;
}

/** Walls of the box, per coordinate. */
interface Walls {
  readonly lower: Float32Array;
  readonly upper: Float32Array;
}

/** Parameters of the step, named as in the paper. */
export interface BoundaryStep {
  /** Largest weight of the pull towards the origin. */
  readonly alphaMax: number;
  /** Length of the step as a multiple of the way to the boundary. */
  readonly eta: number;
}

/** Ways to the boundary count as at least this long when two of them are compared. */
const SHORTEST_WAY = 1e-8;

/** A boundary counts as reached when this share of the way or less is missing. */
const ROUNDING = 1e-9;

/**
 * The step of the fast adaptive boundary attack (Croce and Hein, ICML 2020, section 2.3), in place:
 *
 *     x <- clip((1 - alpha) (x + eta d(x)) + alpha (x0 + eta d(x0)))
 *
 * d(p) being the shortest way from p to the boundary within the box, and alpha the share of x's way in both ways together.
 *
 * @param point the iterate, within the box; the boundary is made linear there.
 * @param origin the clean example, within the box.
 */
export function boundaryStep(
  norm: ConvexNorm,
  point: Float32Array,
  origin: Float32Array,
  { value, normal }: LinearBoundary,
  { lower, upper }: Walls,
  { alphaMax, eta }: BoundaryStep,
): void {
  let between = 0;
  for (let i = 0; i < point.length; i++) between += normal[i]! * (origin[i]! - point[i]!);
  const [onward, direct] = [new Float64Array(point.length), new Float64Array(point.length)];
  const way = hyperplaneMove[norm](point, normal, -value, lower, upper, onward);
  const wayFromOrigin = hyperplaneMove[norm](origin, normal, -value - between, lower, upper, direct);
  const [near, far] = [Math.max(way, SHORTEST_WAY), Math.max(wayFromOrigin, SHORTEST_WAY)];
  const alpha = Math.min(near / (near + far), alphaMax);
  for (let i = 0; i < point.length; i++) {
    const onBoundary = point[i]! + eta * onward[i]!;
    const pulled = (1 - alpha) * onBoundary + alpha * (origin[i]! + eta * direct[i]!);
    point[i] = clamp(pulled, lower[i]!, upper[i]!);
  }
}

/** How far a point is from its boundary within the box; Infinity where the box does not reach it. */
export function distanceToBoundary(
  norm: ConvexNorm,
  point: Float32Array,
  { value, normal }: LinearBoundary,
  { lower, upper }: Walls,
): number {
  const move = new Float64Array(point.length);
  const length = hyperplaneMove[norm](point, normal, -value, lower, upper, move);
  let missing = value;
  for (let i = 0; i < point.length; i++) missing += normal[i]! * move[i]!;
  return Math.abs(missing) <= ROUNDING * Math.abs(value) ? length : Infinity;
}
