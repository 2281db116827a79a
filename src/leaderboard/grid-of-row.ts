import type { AccuracyGrid } from '../metrics/corruption/grid.js';
import type { Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';

/** A row's accuracies by corruption column and severity; columns that did not complete are left out. */
export function gridOfRow({ columns }: Pick<Leaderboard, 'columns'>, row: LeaderboardRow): AccuracyGrid {
  return columns.flatMap(({ id, kind }) => {
    const value = row.columns[id];
    if (kind !== 'corruption' || value?.status !== 'completed') return [];
    return [{ corruption: id, cells: value.severities ?? [] }];
  });
}
