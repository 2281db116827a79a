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

/** What is known of a row: the margins are those that the secant goes by. */
interface Bracket {
  /** Largest radius that is too small, at first 0, and the margin there. */
  readonly radius: number;
  readonly before: number;
  /** Margin of the closest adversarial. */
  readonly behind: number;
  /** Whether the last point reached the goal, if there was one. */
  readonly reached: boolean | null;
}

/**
 * Pulls the closest adversarials in: projects them onto smaller balls around their clean examples, with radii by the Illinois
 * method (Dowell, Jarratt, "A modified regula falsi method for computing the root of an equation", BIT 1971) between one that is
 * too small and the distance: secant steps that halve the margin of an end that stays twice in a row.
 */
export async function pullIn(adversarials: PullIn, evaluate: Evaluate): Promise<void> {
  const { closest, margins, cleanMargins, task, steps } = adversarials;
  const brackets = new Map<number, Bracket>();
  for (const row of adversarials.rows)
    brackets.set(row, { radius: 0, before: cleanMargins[row]!, behind: margins[row]!, reached: null });
  let { rows } = adversarials;
  for (let step = 0; step < steps && rows.length > 0; step++) {
    const radii = rows.map((row) => {
      const { radius, before, behind } = brackets.get(row)!;
      const distance = closest.distances[row]!;
      return distance - (1 - SLACK) * crossing(behind, before) * (distance - radius);
    });
    const points = rows.map((row, position) => {
      const point = closest.candidate(row).slice();
      task.project(row, point, radii[position]!);
      return point;
    });
    const judged = await evaluate(rows, points);
    rows = rows.filter((row, position) => {
      const { reached, margin } = judged[position]!;
      const bracket = brackets.get(row)!;
      const weight = bracket.reached === reached ? 0.5 : 1;
      brackets.set(
        row,
        reached
          ? { ...bracket, reached, behind: margins[row]!, before: weight * bracket.before }
          : { reached, radius: radii[position]!, before: margin, behind: weight * bracket.behind },
      );
      return !Number.isNaN(margin) && !(closest.distances[row]! <= task.enough);
    });
  }
}

/** Where between an adversarial and a point that is none the margin is expected to be 0, as a share of the way. */
function crossing(behind: number, before: number): number {
  return behind > before ? behind / (behind - before) : 0.5;
}
