import type { Vector } from './norms.js';

/**
 * Adds to `point`, in place, a step of length `stepSize` in L1 within the bounds, spent on the steepest coordinates first: each
 * goes by an equal share, or to its bound if that is nearer, and what is left goes to the next. A negative step size descends.
 * The step is shorter only when every coordinate with a slope has gone its share.
 *
 * With shares it is the step of SLIDE (Tramer, Boneh, "Adversarial training and robustness for multiple perturbations", NeurIPS
 * 2019, arXiv:1904.13000, section 4.1); with `density` 0 it is the steepest step in ball and bounds. Ties go to the lowest
 * index.
 * @param density share of all coordinates that the step is divided among, 0 to 1; at least one.
 */
export function sparseStep(
  gradient: Vector,
  point: Vector,
  stepSize: number,
  density: number,
  lower: number,
  upper: number,
): void {
  const { abs, max, min, ceil } = Math;
  const size = point.length;
  const share = abs(stepSize) / max(ceil(density * size), 1);
  const slopes = gradient.map(abs);
  const room = new Float64Array(size);
  const free: number[] = [];
  for (let i = 0; i < size; i++) {
    const slope = gradient[i]! * stepSize;
    room[i] = slope > 0 ? upper - point[i]! : point[i]! - lower;
    if (slope !== 0 && room[i]! > 0) free.push(i);
  }
  free.sort((a, b) => slopes[b]! - slopes[a]! || a - b);
  let left = abs(stepSize);
  for (const i of free) {
    if (!(left > 0)) break;
    const amount = min(share, room[i]!, left);
    point[i]! += gradient[i]! * stepSize > 0 ? amount : -amount;
    left -= amount;
  }
}
