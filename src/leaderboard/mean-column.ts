import type { LeaderboardColumn } from '../results/schema/leaderboard.js';
import { MEAN_CORRUPTION } from '../suite/naming.js';

/** The columns of a suite, with the mean over its corruption columns, which has no cells of its own, behind the last of them. */
export function withMeanCorruption(columns: readonly LeaderboardColumn[]): LeaderboardColumn[] {
  const last = columns.findLastIndex(({ kind }) => kind === 'corruption');
  if (last < 0) return [...columns];
  const mean: LeaderboardColumn = {
    id: MEAN_CORRUPTION,
    title: 'Mean corruption accuracy',
    kind: 'corruption-mean',
    attacks: [],
    upperBound: false,
    cells: [],
  };
  return columns.toSpliced(last + 1, 0, mean);
}
