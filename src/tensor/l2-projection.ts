import { clamp } from './clamp.js';
import type { Vector } from './norms.js';

/**
 * Lengths of a step that is cut off by a box.
 *
 * The exact Euclidean projection onto the intersection of an L2 ball and a box whose center is the ball's moves coordinate i
 * by clamp(scale * wish[i], lowest, highest) with one scale for all: the optimality conditions shrink the free coordinates
 * alike and leave the others at their walls. The length is an increasing function of the scale.
 */
const ITERATIONS = 100;

/** Squared length of the clipped move at a scale, and the part of it that still grows with the scale, at scale 1. */
function lengthAt(wish: Float64Array, room: Float64Array, scale: number): { squared: number; free: number } {
  let squared = 0;
  let free = 0;
  for (let i = 0; i < wish.length; i++) {
    const move = wish[i]! * scale;
    if (move < room[i]!) {
      squared += move * move;
      free += wish[i]! * wish[i]!;
    } else squared += room[i]! * room[i]!;
  }
  return { squared, free };
}

/**
 * The scale at which moves of min(scale * wish[i], room[i]) have the given length; Infinity when the room does not allow it.
 * The walls reached at one scale stay reached at every higher one, so solving for the free coordinates and looking again
 * rises to the answer in finitely many steps.
 * @param wish at least 0.
 * @param room at least 0.
 */
export function scaleOfLength(wish: Float64Array, room: Float64Array, length: number): number {
  const target = length * length;
  let scale = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { squared, free } = lengthAt(wish, room, scale);
    // At scale 0 this is the answer without walls.
    const walled = squared - scale * scale * free;
    if (!(free > 0)) return Infinity;
    const next = Math.sqrt(Math.max(target - walled, 0) / free);
    if (!(next > scale)) return scale;
    scale = next;
  }
  return scale;
}

/**
 * Moves `candidate`, in place, along its ray from `center` and the walls it meets, to where its distance from the center is
 * `length`, or as far as the box allows. For a candidate further away this is the exact projection onto ball and box; one
 * that is nearer is moved outward, onto the sphere. The center itself stays.
 *
 * Expects finite candidates and a center within the bounds.
 */
export function projectOntoSphere(
  candidate: Vector,
  center: Float32Array,
  length: number,
  lower: number,
  upper: number,
): void {
  const wish = new Float64Array(candidate.length);
  const room = new Float64Array(candidate.length);
  for (let i = 0; i < wish.length; i++) {
    const move = candidate[i]! - center[i]!;
    wish[i] = move < 0 ? -move : move;
    room[i] = move < 0 ? center[i]! - lower : upper - center[i]!;
  }
  const scale = scaleOfLength(wish, room, length);
  for (let i = 0; i < wish.length; i++) {
    const free = scale * wish[i]!;
    const size = wish[i] === 0 ? 0 : free < room[i]! ? free : room[i]!;
    candidate[i] = clamp(candidate[i]! < center[i]! ? center[i]! - size : center[i]! + size, lower, upper);
  }
}

/** The exact projection onto the intersection of the L2 ball and the box, in place; a point of both stays as it is. */
export function projectL2Exactly(
  candidate: Vector,
  center: Float32Array,
  epsilon: number,
  lower: number,
  upper: number,
): void {
  let squared = 0;
  for (let i = 0; i < candidate.length; i++) {
    const move = clamp(candidate[i]!, lower, upper) - center[i]!;
    squared += move * move;
  }
  if (squared > epsilon * epsilon) projectOntoSphere(candidate, center, epsilon, lower, upper);
  else for (let i = 0; i < candidate.length; i++) candidate[i] = clamp(candidate[i]!, lower, upper);
}
