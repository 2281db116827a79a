import type { Leaderboard } from '../results/schema/leaderboard.js';
import { hasOwnTable } from './by-corruption.js';

/**
 * What the corruption columns of a leaderboard mean; nothing without them.
 * @param shown whether the mean error stands in the table
 */
export function corruptionLegend(leaderboard: Leaderboard, shown: { meanError: boolean }): string[] {
  const corrupted = leaderboard.columns.filter((column) => column.kind === 'corruption');
  if (corrupted.length === 0) return [];
  const what = hasOwnTable(leaderboard) ? 'Rows of corruptions' : 'Corruption columns';
  return [
    `${what} are means over severities; their intervals count images.`,
    ...(shown.meanError
      ? ['Mean error is over corruptions and severities, not normalised by a baseline.']
      : []),
    'Calibration error is the expected one, in 15 bins of confidence.',
    ...baselineLegend(leaderboard, corrupted.length),
    ...undefinedFigures(leaderboard),
    ...openIntervals(leaderboard),
  ];
}

function baselineLegend({ baseline }: Leaderboard, corruptions: number): string[] {
  if (baseline === undefined) return [];
  const { id, kind, sha256, errors } = baseline;
  const origin = kind === 'published' ? 'published errors' : 'a model of the runs';
  const shared = Object.keys(errors).length;
  const over =
    shared < corruptions ? ` They are over the ${shared} of ${corruptions} corruptions it has.` : '';
  return [`mCE and relative mCE: 100 % is ${id} (${origin}, SHA-256 ${sha256.slice(0, 12)}).${over}`];
}

/** Why figures against the baseline are missing, each reason once. */
function undefinedFigures({ rows }: Leaderboard): string[] {
  const reasons = rows.flatMap(({ corruption }) =>
    Object.entries({ mCE: corruption?.mce, 'relative mCE': corruption?.relativeMce }).flatMap(
      ([name, figure]) => (figure?.value === null ? [`There is no ${name}: ${figure.reason}.`] : []),
    ),
  );
  return [...new Set(reasons)];
}

/** Where a figure has a number but no interval. */
function openIntervals({ rows }: Leaderboard): string[] {
  const figures = rows.flatMap(({ corruption }) => [
    corruption?.mce,
    corruption?.relativeMce,
    ...Object.values(corruption?.corruptions ?? {}).flatMap(({ ce, relativeCe }) => [ce, relativeCe]),
  ]);
  const open = figures.some(
    (figure) => figure !== undefined && 'interval' in figure && figure.interval === null,
  );
  return open ? ['[-]: errors are so rare that drawing the images again gives no interval.'] : [];
}
