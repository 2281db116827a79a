import type { RandomStream } from '../random/stream.js';
import { pointsPerRequest, type Questions } from './lockstep.js';
import type { Progress } from './problem.js';

/** How the directions of a gradient estimate are drawn: every coordinate +1 or -1, or standard normal. */
export type DirectionLaw = 'rademacher' | 'normal';

const fill: Readonly<Record<DirectionLaw, (random: RandomStream, direction: Float64Array) => void>> = {
  rademacher: (random, direction) => {
    for (let i = 0; i < direction.length; i++) direction[i] = random.integer(2) === 0 ? -1 : 1;
  },
  normal: (random, direction) => void random.fillNormal(direction),
};

export interface AntitheticOptions {
  readonly law: DirectionLaw;
  /** Directions to draw; each costs two queries. */
  readonly pairs: number;
  /** Length of the move along a direction, in units of the input. */
  readonly radius: number;
}

/**
 * The gradient of the goal's margin at a point, estimated from scores alone: the mean over random directions v of
 * (margin(x + r v) - margin(x - r v)) / (2 r) v. With signs it is the estimate of simultaneous perturbation (Spall, IEEE
 * Transactions on Automatic Control 37, 1992), with normal directions that of evolution strategies with antithetic
 * sampling. A pair with a margin that is not finite counts as flat.
 */
export function* antitheticGradient(
  point: Float32Array,
  random: RandomStream,
  { law, pairs, radius }: AntitheticOptions,
): Questions<Progress, Float64Array> {
  const size = point.length;
  const gradient = new Float64Array(size);
  const pairsAtOnce = Math.max(1, Math.floor(pointsPerRequest(size) / 2));
  for (let done = 0; done < pairs; done += pairsAtOnce) {
    const count = Math.min(pairsAtOnce, pairs - done);
    const directions = Array.from({ length: count }, () => new Float64Array(size));
    const points = new Float32Array(2 * count * size);
    directions.forEach((direction, pair) => {
      fill[law](random, direction);
      const [ahead, behind] = [2 * pair * size, (2 * pair + 1) * size];
      for (let i = 0; i < size; i++) {
        points[ahead + i] = point[i]! + radius * direction[i]!;
        points[behind + i] = point[i]! - radius * direction[i]!;
      }
    });
    const answers = yield points;
    directions.forEach((direction, pair) => {
      const rise = answers[2 * pair]!.margin - answers[2 * pair + 1]!.margin;
      if (!Number.isFinite(rise)) return;
      const weight = rise / (2 * radius * pairs);
      for (let i = 0; i < size; i++) gradient[i]! += weight * direction[i]!;
    });
  }
  return gradient;
}
