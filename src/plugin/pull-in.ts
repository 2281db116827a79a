import type { Closest } from './closest.js';
import type { MinimumNorm } from './minimum-norm.js';
import type { Progress } from './problem.js';

/** Adversarials that may be further away than they need to be. */
export interface PullIn {
  /** Rows with an adversarial. */
  readonly rows: readonly number[];
  readonly closest: Closest;
  /** Margin of each row's closest adversarial, kept up to date by the judge; at least 0. */
  readonly margins: Float64Array;
  /** Margin of each row's clean example; at most 0. */
  readonly cleanMargins: readonly number[];
  /** How to project, and the distance at which a row is done. */
  readonly task: Pick<MinimumNorm, 'project' | 'enough'>;
  /** Points tried per row. */
  readonly steps: number;
}

/** Judges a point for each of some rows; those that reach the goal are offered to `closest`. */
export type Evaluate = (rows: readonly number[], points: readonly Float32Array[]) => Promise<Progress[]>;

/** A point that is expected on the boundary is put behind it by this share of the radius that would be saved. */
const SLACK = 1e-3;

/**
 * Pulls the closest adversarials in: projects them onto smaller balls around their clean examples, with radii by the Illinois
 * method (secant steps that halve the margin of an end that stays) between one that is too small, at first 0, and the distance.
 */
export async function pullIn(adversarials: PullIn, evaluate: Evaluate): Promise<void> {
  const { closest, margins, cleanMargins, task, steps } = adversarials;
  const tooSmall = new Map(adversarials.rows.map((row) => [row, { radius: 0, margin: cleanMargins[row]! }]));
  let { rows } = adversarials;
  for (let step = 0; step < steps && rows.length > 0; step++) {
    const radii = rows.map((row) => {
      const { radius, margin } = tooSmall.get(row)!;
      const distance = closest.distances[row]!;
      return distance - (1 - SLACK) * crossing(margins[row]!, margin) * (distance - radius);
    });
    const points = rows.map((row, position) => {
      const point = closest.candidate(row).slice();
      task.project(row, point, radii[position]!);
      return point;
    });
    const judged = await evaluate(rows, points);
    rows = rows.filter((row, position) => {
      const { reached, margin } = judged[position]!;
      const inner = tooSmall.get(row)!;
      tooSmall.set(
        row,
        reached ? { ...inner, margin: inner.margin / 2 } : { radius: radii[position]!, margin },
      );
      return !Number.isNaN(margin) && !(closest.distances[row]! <= task.enough);
    });
  }
}

/** Where between an adversarial and a point that is none the margin is expected to be 0, as a share of the way. */
function crossing(behind: number, before: number): number {
  return behind > before ? behind / (behind - before) : 0.5;
}
