import { GauntletError } from '../errors.js';
import { exampleSize, rowOf, sliceRow, type Batch } from '../tensor/batch.js';
import { clamp } from '../tensor/clamp.js';
import { projectL2Exactly } from '../tensor/l2-projection.js';
import { magnitude, type Vector } from '../tensor/norms.js';
import { projections, type Projection } from '../tensor/projections.js';
import type { Proposal } from './attack.js';
import type { Closest } from './closest.js';
import { boxOf } from './region.js';
import type { Norm, Threat } from './threat.js';

/** What a minimum-norm attack looks for under a threat: how it measures, where it may go, and when an example is done. */
export interface MinimumNorm {
  /** The norm to minimise; Linf in a box. */
  readonly norm: Norm;
  /** Distance at which an example is done: epsilon under `lp`, any in a box, none under `minimum`. */
  readonly enough: number;
  /** No success needs a smaller radius: a little less than epsilon under `lp`, else 0. */
  readonly smallestRadius: number;
  /** The furthest that an example can be moved. */
  limit(row: number): number;
  /** Projects `point`, in place and exactly, to within `radius` of the clean example, the input bounds and the box. */
  project(row: number, point: Vector, radius: number): void;
  /** What was found, in the threat's set: under `lp`, candidates beyond epsilon are projected. */
  proposal(closest: Closest): Proposal;
}

/** The exact ones: an iterate that clipping leaves short of its radius can stop short of the boundary for good. */
const exact: Readonly<Record<Norm, Projection>> = { ...projections, l2: projectL2Exactly };

/** Float32 rounding of an iterate must not put it beyond epsilon. */
const INWARD = 1 - 1e-6;

/**
 * The task of a minimum-norm attack on a batch of clean examples.
 * @param bounds lowest and highest legal input value.
 * @throws GauntletError THREAT_UNSUPPORTED for threats other than `minimum`, `lp` and `box`.
 */
export function minimumNormOf(threat: Threat, clean: Batch, bounds: readonly [number, number]): MinimumNorm {
  if (threat.kind === 'box') return minimumInBox(threat, clean, bounds);
  if (threat.kind !== 'minimum' && threat.kind !== 'lp') {
    throw new GauntletError('THREAT_UNSUPPORTED', `there is no distance to minimise under ${threat.kind}`);
  }
  const { norm } = threat;
  const limits: number[] = [];
  const [lower, upper] = bounds;
  const epsilon = threat.kind === 'lp' ? threat.epsilon : null;
  const inward = norm === 'l0' ? Math.floor : (radius: number): number => radius * INWARD;
  const project = (row: number, point: Vector, radius: number): void =>
    exact[norm](point, rowOf(clean, row), radius, lower, upper);
  return {
    norm,
    enough: epsilon ?? -Infinity,
    smallestRadius: epsilon === null ? 0 : inward(epsilon),
    limit: (row) => (limits[row] ??= furthest(norm, rowOf(clean, row), lower, upper)),
    project,
    proposal: (closest) => {
      const size = exampleSize(clean);
      if (epsilon !== null)
        for (const row of closest.beyond(epsilon)) project(row, sliceRow(closest.data, row, size), epsilon);
      return { kind: 'examples', data: closest.data };
    },
  };
}

/** Distance to the corner of the input bounds that is furthest away. */
function furthest(norm: Norm, point: Float32Array, lower: number, upper: number): number {
  const room = new Float32Array(point.length);
  for (let i = 0; i < room.length; i++) {
    const [down, up] = [point[i]! - lower, upper - point[i]!];
    room[i] = down > up ? down : up;
  }
  return magnitude(norm, room);
}

function minimumInBox(
  threat: Extract<Threat, { kind: 'box' }>,
  clean: Batch,
  bounds: readonly [number, number],
): MinimumNorm {
  const { lower, upper } = boxOf(threat, clean, bounds);
  const size = exampleSize(clean);
  return {
    norm: 'linf',
    enough: Number.MAX_VALUE,
    smallestRadius: 0,
    limit: (row) => {
      let largest = 0;
      for (let at = row * size; at < (row + 1) * size; at++) {
        const value = clean.data[at]!;
        const [down, up] = [value - lower[at]!, upper[at]! - value];
        if (down > largest) largest = down;
        if (up > largest) largest = up;
      }
      return largest;
    },
    project: (row, point, radius) => {
      projections.linf(point, rowOf(clean, row), radius, ...bounds);
      for (let i = 0, at = row * size; i < size; i++, at++)
        point[i] = clamp(point[i]!, lower[at]!, upper[at]!);
    },
    proposal: (closest) => ({ kind: 'examples', data: closest.data }),
  };
}
