import type { Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';

/**
 * Orders and numbers the rows by accuracy in the ranking column, best first; equal accuracies share a rank. Rows that are not
 * complete come last, without rank. Without ranking column the order is kept.
 */
export function rankRows(rows: readonly LeaderboardRow[], ranked: Leaderboard['ranked']): LeaderboardRow[] {
  if (ranked === false) return rows.map((row) => ({ ...row, rank: null }));
  const accuracy = (row: LeaderboardRow): number | null => {
    const value = row.columns[ranked];
    return row.complete && value?.status === 'completed' ? value.accuracy : null;
  };
  const scored = rows.flatMap((row) => {
    const score = accuracy(row);
    return score === null ? [] : [{ row, score }];
  });
  const ordered = scored.toSorted((a, b) => b.score - a.score || (a.row.model.id < b.row.model.id ? -1 : 1));
  const best = ordered.map(({ row, score }) => ({
    ...row,
    rank: 1 + scored.filter((other) => other.score > score).length,
  }));
  const rest = rows.filter((row) => accuracy(row) === null).map((row) => ({ ...row, rank: null }));
  return [...best, ...rest];
}
