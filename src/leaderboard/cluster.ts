import type { CompletedCell } from '../evaluate/cell.js';
import { wilsonBounds } from '../metrics/proportion.js';
import type { LeaderboardInterval } from '../results/schema/leaderboard.js';
import { clamp } from '../tensor/clamp.js';

/** Weight, in outcomes, of assuming full dependence until the data say otherwise. */
const PRIOR_OUTCOMES = 10;

/**
 * 95 % interval of an accuracy averaged over cells that show the same images (the severities of a corruption).
 *
 * The outcomes of one image are not independent, so Wilson on the summed counts would be too narrow. The image is the unit: with
 * p the mean of all outcomes and s2 the variance between the images' own means, the design effect is
 * `cells * s2 / (p (1 - p))`, 1 for independent outcomes and `cells` for copies, and the interval is Wilson's at
 * outcomes / design effect (Korn and Graubard 1998, for proportions in clustered surveys). A design effect seen on few failures
 * is hardly known: it is drawn towards full dependence with the weight of ten outcomes, so that one failure does not make an
 * interval narrower than none. No randomness is involved.
 */
export function clusteredInterval(cells: readonly CompletedCell[]): LeaderboardInterval {
  const images = cells[0]?.n ?? 0;
  const outcomes = images * cells.length;
  const means = Array.from({ length: images }, (_value, image) => {
    const correct = cells.filter((cell) => cell.outcomes[image] === 'r').length;
    return correct / cells.length;
  });
  const correct = sum(cells.map((cell) => cell.robust.correct));
  const effective = outcomes / designEffect(means, correct / Math.max(outcomes, 1), cells.length);
  // Exact at the ends, where p times the effective number could miss it by a rounding error.
  const scaled = correct === outcomes ? effective : (correct / outcomes) * effective;
  return { ...wilsonBounds(scaled, effective), level: 0.95, method: 'wilson-clustered' };
}

/** By how much dependence reduces the number of outcomes, 1 to `size`, the number of outcomes per image. */
function designEffect(means: readonly number[], p: number, size: number): number {
  const images = means.length;
  const rarer = Math.min(p, 1 - p) * images * size;
  if (rarer < 0.5 || images < 2) return size;
  const variance = sum(means.map((mean) => (mean - p) ** 2)) / (images - 1);
  const observed = clamp((size * variance) / (p * (1 - p)), 1, size);
  return (rarer * observed + PRIOR_OUTCOMES * size) / (rarer + PRIOR_OUTCOMES);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
