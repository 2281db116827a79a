import type { RandomStream } from '../random/stream.js';
import { distance, type Vector } from '../tensor/norms.js';
import type { Questions } from './lockstep.js';
import type { Norm } from './threat.js';

/** Blends of a noise image with the example that a start is looked for among. */
const BLENDS = 10;
/** Share of the way from the example that a start may be beyond the boundary. */
const START_TOLERANCE = 0.02;
/** Float32 does not tell points apart that are nearer than this share of their distance. */
const FINEST = 1e-6;

/** Writes to `out` the point a share (0..1) of the way from `from` to `to`. */
export type Blend = (from: Vector, to: Vector, share: number, out: Float32Array) => void;

/** Along the straight line. */
export const straightBlend: Blend = (from, to, share, out) => {
  for (let i = 0; i < out.length; i++) out[i] = from[i]! + share * (to[i]! - from[i]!);
};

/** Every coordinate moves at most the share of the largest one's way: the projection onto a smaller Linf ball. */
export const clippedBlend: Blend = (from, to, share, out) => {
  let furthest = 0;
  for (let i = 0; i < out.length; i++) {
    const way = to[i]! - from[i]!;
    if (way > furthest) furthest = way;
    else if (-way > furthest) furthest = -way;
  }
  const reach = share * furthest;
  for (let i = 0; i < out.length; i++) {
    const way = to[i]! - from[i]!;
    out[i] = way > reach ? from[i]! + reach : way < -reach ? from[i]! - reach : to[i]!;
  }
};

/** How nearest starts are looked for. */
export interface StartOptions {
  readonly norm: Norm;
  readonly bounds: readonly [lower: number, upper: number];
  /** One stream per noise image. */
  readonly random: (attempt: number) => RandomStream;
  /** Noise images to look at. */
  readonly attempts: number;
}

/**
 * A point that reaches the goal, to start a decision-based attack from: the example itself if it does, else the nearest
 * found on the lines to some images of uniform noise. Every other image has its noise at the two bounds only, which models
 * see differently. Until a start is known an image costs ten queries, for as many blends of it with the example; after that
 * one, for the blend as far away as the start known, and a few more where that one reaches the goal too. Looking on matters:
 * the walk that follows hardly ever crosses from one wrong class to a nearer one.
 *
 * @returns undefined when no blend reaches the goal.
 */
export function* nearestStart(
  clean: Float32Array,
  { norm, bounds: [lower, upper], random, attempts }: StartOptions,
): Questions<boolean, Float32Array | undefined> {
  const [already] = yield clean;
  if (already === true) return clean.slice();
  const size = clean.length;
  const noise = new Float32Array(size);
  const blends = new Float32Array(BLENDS * size);
  let nearest: Float32Array | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    random(attempt).fillUniform(noise, lower, upper);
    if (attempt % 2 === 1) {
      const middle = (lower + upper) / 2;
      for (let i = 0; i < size; i++) noise[i] = noise[i]! < middle ? lower : upper;
    }
    if (nearest === undefined) {
      for (let k = 0; k < BLENDS; k++) {
        straightBlend(clean, noise, (k + 1) / BLENDS, blends.subarray(k * size, (k + 1) * size));
      }
      const first = (yield blends).indexOf(true);
      if (first < 0) continue;
      nearest = blends.slice(first * size, (first + 1) * size);
    } else {
      const share = distance(norm, nearest, clean) / distance(norm, noise, clean);
      if (!(share < 1)) continue;
      const rival = new Float32Array(size);
      straightBlend(clean, noise, share, rival);
      const [reached] = yield rival;
      if (reached !== true) continue;
      nearest = rival;
    }
    nearest = yield* toBoundary(clean, nearest, straightBlend, START_TOLERANCE);
  }
  return nearest;
}

/**
 * Moves `point`, which reaches the goal, towards the clean example by bisection until it is at the boundary.
 * @param tolerance share of the way between clean example and point that may remain.
 * @returns a point that reaches the goal, `point` itself if no nearer one was found to.
 */
export function* toBoundary(
  clean: Float32Array,
  point: Float32Array,
  blend: Blend,
  tolerance: number,
): Questions<boolean, Float32Array> {
  const nearest = point.slice();
  const trial = new Float32Array(point.length);
  const target = tolerance > FINEST ? tolerance : FINEST;
  let [low, high] = [0, 1];
  while (high - low > target) {
    const middle = (low + high) / 2;
    blend(clean, point, middle, trial);
    const [reached] = yield trial;
    if (reached === true) {
      high = middle;
      nearest.set(trial);
    } else low = middle;
  }
  return nearest;
}
