import type { LeaderboardRow } from '../results/schema/leaderboard.js';
import { CORRUPTION_METRICS, metricName } from '../suite/naming.js';
import type { Metrics } from './expression.js';

/**
 * What expressions can read of a row: the accuracy of every completed column, of single severities (`contrast_3`), and what the
 * corruption columns come to together (`mean_corruption`, `mce`, ...). Columns that did not complete have no metric, nor has what
 * needs a baseline where none was named.
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
  const together = corruptionMetrics(row);
  return Object.fromEntries([
    ...pairs,
    ...CORRUPTION_METRICS.flatMap((name) => {
      const value = together?.[name];
      return typeof value === 'number' ? [[name, value] as const] : [];
    }),
  ]);
}

type CorruptionMetric = (typeof CORRUPTION_METRICS)[number];

function corruptionMetrics({
  corruption,
}: LeaderboardRow): Record<CorruptionMetric, number | null | undefined> | undefined {
  if (corruption === undefined) return undefined;
  return {
    mean_corruption_error: corruption.meanError.value,
    mce: corruption.mce?.value,
    relative_mce: corruption.relativeMce?.value,
    corruption_confidence: corruption.confidence,
    corruption_calibration_error: corruption.calibrationError,
  };
}

/** Metrics that only exist against a baseline, and where a row says why there is none. */
const AGAINST_BASELINE: Readonly<
  Record<string, (row: LeaderboardRow) => NonNullable<LeaderboardRow['corruption']>['mce']>
> = {
  mce: ({ corruption }) => corruption?.mce,
  relative_mce: ({ corruption }) => corruption?.relativeMce,
};

/** Why a row lacks metrics, in words. */
export function missingText(row: LeaderboardRow, names: readonly string[]): string {
  const reasons = names.flatMap((name) => {
    const figure = AGAINST_BASELINE[name];
    if (figure === undefined || row.corruption === undefined) return [];
    const found = figure(row);
    if (found === undefined) return [`${name} needs a baseline, and none was named`];
    return found.value === null ? [`${name}: ${found.reason}`] : [];
  });
  return [`there is no ${names.join(', ')} in the row`, ...reasons].join('; ');
}
