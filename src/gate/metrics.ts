import type { LeaderboardRow } from '../results/schema/leaderboard.js';
import { metricName } from '../suite/naming.js';
import type { Metrics } from './expression.js';

/**
 * What expressions can read of a row: the accuracy of every completed column, and of single severities (`contrast_3`).
 * Columns that did not complete have no metric.
 */
export function rowMetrics(row: LeaderboardRow): Metrics {
  const pairs = Object.entries(row.columns).flatMap(([id, value]): [string, number][] => {
    if (value.status !== 'completed') return [];
    const severities = (value.severities ?? []).map(({ severity, accuracy }): [string, number] => [
      metricName(`${id}-${severity}`),
      accuracy,
    ]);
    return [[metricName(id), value.accuracy], ...severities];
  });
  return Object.fromEntries(pairs);
}
