import type { RandomStream } from '../random/stream.js';
import { distance, type Vector } from '../tensor/norms.js';
import type { Decision, Questions } from './lockstep.js';
import type { Norm } from './threat.js';

/** Blends of a noise image with the example that a start is looked for among. */
const BLENDS = 10;
/** Share of the way to the example by which a start may be beyond the boundary. */
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

/** A point that reaches the goal, and the class the model gives it. */
export interface Crossing {
  readonly point: Float32Array;
  readonly predicted: number;
}

/** How starts are looked for. */
export interface StartOptions {
  readonly norm: Norm;
  readonly bounds: readonly [lower: number, upper: number];
  /** One stream per noise image. */
  readonly random: (attempt: number) => RandomStream;
  /** Noise images to look at. */
  readonly attempts: number;
  /** Told of each point that reaches the goal, as queries may be up before the search is; returns whether it is near enough. */
  readonly offer: (point: Float32Array, length: number) => boolean;
}

/**
 * Noise to look for a start in: uniform in every other image, in the others at the two bounds only, bright and dark ones,
 * because a class that owns the uniform images seldom owns those too.
 */
function fillStart(
  noise: Float32Array,
  attempt: number,
  random: RandomStream,
  lower: number,
  upper: number,
): void {
  const brightness = random.uniform();
  random.fillUniform(noise);
  for (let i = 0; i < noise.length; i++) {
    if (attempt % 2 === 0) noise[i] = lower + noise[i]! * (upper - lower);
    else noise[i] = noise[i]! < brightness ? upper : lower;
  }
}

/**
 * Points that reach the goal, to start a decision-based attack from: one for each class met on the way from the example to
 * some images of noise (ten queries each), the nearest first. Several starts are worth having because a walk along the boundary hardly ever crosses
 * from one wrong class to a nearer one.
 *
 * @returns the example alone if it reaches the goal itself; nothing when no blend does, or one is near enough.
 */
export function* startsByClass(
  clean: Float32Array,
  { norm, bounds: [lower, upper], random, attempts, offer }: StartOptions,
): Questions<Decision, Crossing[]> {
  const [own] = yield clean;
  if (own!.reached) return [{ point: clean.slice(), predicted: own!.predicted }];
  const size = clean.length;
  const noise = new Float32Array(size);
  const blends = new Float32Array(BLENDS * size);
  const nearest = new Map<number, Crossing & { readonly length: number }>();
  for (let attempt = 0; attempt < attempts; attempt++) {
    fillStart(noise, attempt, random(attempt), lower, upper);
    for (let k = 0; k < BLENDS; k++) {
      straightBlend(clean, noise, (k + 1) / BLENDS, blends.subarray(k * size, (k + 1) * size));
    }
    const decisions = yield blends;
    for (const [k, { reached, predicted }] of decisions.entries()) {
      if (!reached) continue;
      const blend = blends.subarray(k * size, (k + 1) * size);
      const length = distance(norm, blend, clean);
      if (offer(blend, length)) return [];
      if (!(length < (nearest.get(predicted)?.length ?? Infinity))) continue;
      nearest.set(predicted, { point: blend.slice(), predicted, length });
    }
  }
  const starts: (Crossing & { readonly length: number })[] = [];
  for (const rough of nearest.values()) {
    const fine = yield* toBoundary(clean, rough, straightBlend, START_TOLERANCE);
    starts.push({ ...fine, length: distance(norm, fine.point, clean) });
  }
  return starts.sort((a, b) => a.length - b.length || a.predicted - b.predicted);
}

/**
 * Moves a point that reaches the goal towards the clean example by bisection until it is at the boundary.
 * @param tolerance share of the way between clean example and point that may remain.
 * @returns a point that reaches the goal: the given one if no nearer one was found to.
 */
export function* toBoundary(
  clean: Float32Array,
  from: Crossing,
  blend: Blend,
  tolerance: number,
): Questions<Decision, Crossing> {
  const nearest = from.point.slice();
  const trial = new Float32Array(nearest.length);
  const target = tolerance > FINEST ? tolerance : FINEST;
  let { predicted } = from;
  let [low, high] = [0, 1];
  while (high - low > target) {
    const middle = (low + high) / 2;
    blend(clean, from.point, middle, trial);
    const [decision] = yield trial;
    if (decision!.reached) {
      high = middle;
      nearest.set(trial);
      predicted = decision!.predicted;
    } else low = middle;
  }
  return { point: nearest, predicted };
}

/** Walks along the boundary from a point; null when nothing is left to do for the example, else where it ended. */
export type Walk = (
  start: Crossing,
  options: {
    /** Number of the walk, for its random draws. */
    readonly index: number;
    /** Whether to end when there is little progress, because there are other starts to try. */
    readonly impatient: boolean;
  },
) => Questions<Decision, Crossing | null>;

/**
 * Walks from one start after the other while there is progress, the nearest first, but from none of a class that an earlier
 * walk ended in; then goes on from the nearest point reached.
 * @param lengthOf distance of a point from the example.
 */
export function* walkFromEach(
  starts: readonly Crossing[],
  lengthOf: (point: Float32Array) => number,
  walk: Walk,
): Questions<Decision> {
  const ended = new Set<number>();
  let nearest: Crossing | undefined;
  for (const [index, start] of starts.entries()) {
    if (ended.has(start.predicted)) continue;
    const end = yield* walk(start, { index, impatient: true });
    if (end === null) return;
    ended.add(start.predicted).add(end.predicted);
    if (nearest === undefined || lengthOf(end.point) < lengthOf(nearest.point)) nearest = end;
  }
  if (nearest !== undefined) yield* walk(nearest, { index: starts.length, impatient: false });
}
