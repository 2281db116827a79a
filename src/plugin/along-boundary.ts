import type { Classifier } from '../classifier/classifier.js';
import { sliceRow } from '../tensor/batch.js';
import { boundaryStep } from '../tensor/boundary-step.js';
import { allFinite } from '../tensor/finite.js';
import type { ConvexNorm } from '../tensor/norms.js';
import { ActiveSet } from './active-set.js';
import type { Closest } from './closest.js';
import { objectiveOf, type Problem, type Progress } from './problem.js';
import type { Box } from './region.js';

/** Adversarials to be brought closer, and how. */
export interface AlongBoundary {
  readonly classifier: Pick<Classifier, 'lossGradient'>;
  readonly problem: Problem;
  /** Rows with an adversarial. */
  readonly rows: readonly number[];
  readonly closest: Closest;
  readonly norm: ConvexNorm;
  readonly wallsAt: (row: number) => Box;
  /** Distance at which an example is done. */
  readonly enough: number;
  /** Gradients per example. */
  readonly steps: number;
  readonly signal: AbortSignal;
  /** Reads the logits of a point, those at a position, and offers the point to `closest` if it reaches the goal. */
  readonly judge: (row: number, point: Float32Array, logits: Float32Array, position: number) => Progress;
}

/** Constants of the fast adaptive boundary attack: the pull, the step over the boundary, and what going back keeps. */
const STEP = { alphaMax: 0.1, eta: 1.05 };
const KEPT = 0.9;

/**
 * Takes the closest adversarials along the boundary towards their clean examples: by the steps of the fast adaptive boundary
 * attack (Croce, Hein, ICML 2020, arXiv:1907.02044), which go to where the boundary, made linear, is the nearest to the clean
 * example, and from behind it back.
 */
export async function alongBoundary(walk: AlongBoundary): Promise<void> {
  const { classifier, problem, closest, norm, enough, steps, judge } = walk;
  const active = new ActiveSet(problem, walk.rows);
  active.rows.forEach((row, position) => {
    active.iterate(position).set(closest.candidate(row));
  });
  for (let step = 0; step < steps && active.rows.length > 0; step++) {
    walk.signal.throwIfAborted();
    const { labels } = objectiveOf(active.problem, 'margin');
    const { logits, loss, gradient } = await classifier.lossGradient(active.iterates, {
      labels,
      loss: 'margin',
    });
    const leaving = new Set<number>();
    active.rows.forEach((row, position) => {
      const [x, origin] = [active.iterate(position), active.clean(position)];
      const normal = sliceRow(gradient, position, x.length);
      const { reached, margin } = judge(row, x, logits, position);
      if (Number.isNaN(margin) || closest.distances[row]! <= enough) leaving.add(position);
      else if (reached) for (let i = 0; i < x.length; i++) x[i] = origin[i]! + KEPT * (x[i]! - origin[i]!);
      else if (!allFinite(normal) || !normal.some((weight) => weight !== 0)) leaving.add(position);
      else boundaryStep(norm, x, origin, { value: loss[position]!, normal }, walk.wallsAt(row), STEP);
    });
    active.leave(leaving);
  }
}
