import type { CompletedCell } from '../evaluate/cell.js';
import { wilsonBounds } from '../metrics/proportion.js';
import type { LeaderboardInterval } from '../results/schema/leaderboard.js';

/**
 * 95 % interval of an accuracy averaged over cells that show the same images (the severities of a corruption).
 *
 * The outcomes of one image are not independent, so Wilson on the summed counts would be too narrow. The image is the unit: with
 * s2 the variance between the images' own means and p the mean of all, the effective number of independent outcomes is
 * p (1 - p) / (s2 / images), and the interval is Wilson's at that number (Korn and Graubard 1998, for proportions in clustered
 * surveys). It is kept between the number of images and the number of outcomes; where all outcomes agree, which says nothing
 * about their dependence, the number of images is taken. No randomness is involved.
 */
export function clusteredInterval(cells: readonly CompletedCell[]): LeaderboardInterval {
  const images = cells[0]?.n ?? 0;
  const outcomes = images * cells.length;
  const means = Array.from({ length: images }, (_value, image) => {
    const correct = cells.filter((cell) => cell.outcomes[image] === 'r').length;
    return correct / cells.length;
  });
  const p = sum(means) / Math.max(images, 1);
  const variance = images < 2 ? 0 : sum(means.map((mean) => (mean - p) ** 2)) / (images - 1);
  const spread = p * (1 - p);
  const unbounded = variance === 0 ? outcomes : (spread * images) / variance;
  const effective = spread < 1e-12 ? images : Math.min(Math.max(unbounded, images), outcomes);
  // Exact at the ends, where p times the effective number could miss it by a rounding error.
  const correct = p === 1 ? effective : p * effective;
  return { ...wilsonBounds(correct, effective), level: 0.95, method: 'wilson-clustered' };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
