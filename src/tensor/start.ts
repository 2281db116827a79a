import type { Norm } from '../plugin/threat.js';
import type { RandomStream } from '../random/stream.js';
import { magnitude } from './norms.js';
import { repair } from './repair.js';

/** Fills `noise` with a point drawn uniformly from the ball of radius epsilon around the origin. */
type BallSample = (random: RandomStream, noise: Float64Array, epsilon: number) => void;

const ballSamples: Readonly<Record<Exclude<Norm, 'l0'>, BallSample>> = {
  linf: (random, noise, epsilon) => void random.fillUniform(noise, -epsilon, epsilon),
  /** A uniform direction, and a radius whose n-th power is uniform. */
  l2: (random, noise, epsilon) => {
    random.fillNormal(noise);
    scale(noise, (epsilon * random.uniform() ** (1 / noise.length)) / magnitude('l2', noise));
  },
  /**
   * n of n + 1 exponential variables over their sum, with random signs (Barthe et al., "A probabilistic approach to the
   * geometry of the l_p^n-ball", 2005).
   */
  l1: (random, noise, epsilon) => {
    let sum = -Math.log(1 - random.uniform());
    for (let i = 0; i < noise.length; i++) {
      const exponential = -Math.log(1 - random.uniform());
      sum += exponential;
      noise[i] = random.integer(2) === 0 ? exponential : -exponential;
    }
    scale(noise, epsilon / sum);
  },
};

/**
 * A random point of the threat set to start an attack from: uniform in the ball around `center`, then clipped to the
 * bounds. `l0` sets floor(epsilon) coordinates, chosen at random, to values uniform between the bounds.
 *
 * @returns a new array that satisfies the guarantees of repair().
 */
export function randomStart(
  norm: Norm,
  random: RandomStream,
  center: Float32Array,
  epsilon: number,
  lower: number,
  upper: number,
): Float32Array {
  const point = norm === 'l0' ? sparseStart(random, center, epsilon, lower, upper) : center.slice();
  if (norm !== 'l0') {
    const noise = new Float64Array(center.length);
    ballSamples[norm](random, noise, epsilon);
    for (let i = 0; i < point.length; i++) point[i]! += noise[i]!;
  }
  return repair(norm, point, center, epsilon, lower, upper);
}

function sparseStart(
  random: RandomStream,
  center: Float32Array,
  epsilon: number,
  lower: number,
  upper: number,
): Float32Array {
  const point = center.slice();
  const order = Uint32Array.from(center, (_, i) => i);
  const changed = Math.min(Math.floor(epsilon), center.length);
  // The first `changed` places of a Fisher-Yates shuffle.
  for (let i = 0; i < changed; i++) {
    const other = i + random.integer(center.length - i);
    [order[i], order[other]] = [order[other]!, order[i]!];
    point[order[i]!] = lower + (upper - lower) * random.uniform();
  }
  return point;
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
