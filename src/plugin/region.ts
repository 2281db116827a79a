import { GauntletError } from '../errors.js';
import type { RandomStream } from '../random/stream.js';
import { exampleSize, rowOf, type Batch } from '../tensor/batch.js';
import { clamp } from '../tensor/clamp.js';
import { roundToward } from '../tensor/float32.js';
import type { Vector } from '../tensor/norms.js';
import { projections } from '../tensor/projections.js';
import { randomStart } from '../tensor/start.js';
import { steepestStep } from '../tensor/steps.js';
import type { Threat } from './threat.js';

/** The set an attack may move in, row by row of the clean batch. */
export interface Region {
  /**
   * Adds to `point`, in place, the steepest step along the gradient.
   * @param length as a fraction of the set's radius (epsilon; per coordinate in a box); negative to descend.
   */
  step(row: number, gradient: Vector, point: Vector, length: number): void;
  /** Moves `point`, in place, into the set and the input bounds. */
  project(row: number, point: Vector): void;
  /** A random point of the set: uniform, then clipped to the input bounds. */
  start(row: number, random: RandomStream): Float32Array;
}

/**
 * The region of an `lp` (linf, l2, l1) or `box` threat around the clean examples.
 *
 * In a box, a coordinate's radius is the furthest it can move: on the box of a Linf ball this makes the box's region the
 * ball's.
 * @param bounds lowest and highest legal input value.
 * @throws GauntletError THREAT_UNSUPPORTED for other threats.
 */
export function regionOf(threat: Threat, clean: Batch, bounds: readonly [number, number]): Region {
  if (threat.kind === 'box') return boxRegion(threat, clean, bounds);
  if (threat.kind !== 'lp' || threat.norm === 'l0') throw unsupported(threat);
  const { norm, epsilon } = threat;
  return {
    step: (_row, gradient, point, length) => steepestStep[norm](gradient, point, length * epsilon),
    project: (row, point) => projections[norm](point, rowOf(clean, row), epsilon, ...bounds),
    start: (row, random) => randomStart(norm, random, rowOf(clean, row), epsilon, ...bounds),
  };
}

function boxRegion(
  threat: Extract<Threat, { kind: 'box' }>,
  clean: Batch,
  [lowest, highest]: readonly [number, number],
): Region {
  const size = exampleSize(clean);
  const floor = (i: number): number => clamp(threat.lower[i]!, lowest, highest);
  const ceiling = (i: number): number => clamp(threat.upper[i]!, lowest, highest);
  return {
    step: (row, gradient, point, length) => {
      for (let i = 0, at = row * size; i < size; i++, at++) {
        const slope = gradient[i]!;
        if (slope === 0) continue;
        const [down, up] = [clean.data[at]! - floor(at), ceiling(at) - clean.data[at]!];
        const radius = up > down ? up : down;
        point[i]! += (slope > 0 ? length : -length) * radius;
      }
    },
    project: (row, point) => {
      for (let i = 0, at = row * size; i < size; i++, at++)
        point[i] = clamp(point[i]!, floor(at), ceiling(at));
    },
    start: (row, random) => {
      const point = random.fillUniform(new Float32Array(size));
      for (let i = 0, at = row * size; i < size; i++, at++) {
        point[i] = clamp(floor(at) + (ceiling(at) - floor(at)) * point[i]!, floor(at), ceiling(at));
      }
      return point;
    },
  };
}

/** Lowest and highest value per element, laid out like the batch. */
export interface Box {
  readonly lower: Float32Array;
  readonly upper: Float32Array;
}

/**
 * The box an attack may move in, for the threats that are boxes: a Linf ball (rounded inward to float32) or a given box,
 * both cut to the input bounds.
 * @throws GauntletError THREAT_UNSUPPORTED for other threats.
 */
export function boxOf(threat: Threat, clean: Batch, bounds: readonly [number, number]): Box {
  const [lowest, highest] = bounds;
  if (threat.kind === 'box') {
    return {
      lower: threat.lower.map((value) => clamp(value, lowest, highest)),
      upper: threat.upper.map((value) => clamp(value, lowest, highest)),
    };
  }
  if (threat.kind !== 'lp' || threat.norm !== 'linf') throw unsupported(threat);
  const edge = (reach: number): Float32Array =>
    clean.data.map((value) => clamp(roundToward(value + reach, value), lowest, highest));
  return { lower: edge(-threat.epsilon), upper: edge(threat.epsilon) };
}

function unsupported(threat: Threat): GauntletError {
  const name = 'norm' in threat ? `${threat.kind} (${threat.norm})` : threat.kind;
  return new GauntletError('THREAT_UNSUPPORTED', `this set has no projection of the kind asked for: ${name}`);
}
