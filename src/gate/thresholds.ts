import type { CellResult } from '../evaluate/cell.js';
import type { Leaderboard } from '../results/schema/leaderboard.js';
import type { MinimumRule, Thresholds } from '../results/schema/thresholds.js';
import { GauntletError } from '../errors.js';
import { corruptionsOf } from './like.js';
import { codedOutcomes } from './outcomes.js';

/** Accuracy that a run may lose against the baseline: runs on other types of machine differ by half a percent. */
export const DEFAULT_SLACK = 0.01;

/**
 * Thresholds a run just passes with `slack` to spare: one rule per model and column. Expression rules of `previous` are kept.
 * @param slack accuracy that may be lost, 0 to 1
 * @throws GauntletError RUN_INCOMPLETE when a row is incomplete, which would leave the model unguarded
 */
export function thresholdsFrom(
  leaderboard: Leaderboard,
  cells: readonly CellResult[],
  slack: number = DEFAULT_SLACK,
  previous?: Thresholds,
): Thresholds {
  const incomplete = leaderboard.rows.filter((row) => !row.complete).map((row) => row.model.id);
  if (incomplete.length > 0) {
    throw new GauntletError('RUN_INCOMPLETE', `No thresholds can be made for ${incomplete.join(', ')}.`);
  }
  const { id, version, fingerprint } = leaderboard.suite;
  const minimums = leaderboard.rows.flatMap((row) =>
    leaderboard.columns.flatMap((column): MinimumRule[] => {
      const value = row.columns[column.id];
      if (value?.status !== 'completed') return [];
      const outcomes = codedOutcomes(column, row.model.id, cells);
      const baseline = { correct: value.correct, n: value.n };
      return [
        {
          model: row.model.id,
          column: column.id,
          // Six digits: the shortest text that survives the file, and far finer than one example.
          minimum: Number(Math.max(0, value.accuracy - slack).toFixed(6)),
          baseline:
            Object.keys(outcomes).length === 0 ? baseline : { ...baseline, outcomes: { ...outcomes } },
        },
      ];
    }),
  );
  const expressions = (previous?.rules ?? []).filter((rule) => 'expression' in rule);
  return {
    schemaVersion: 1,
    kind: 'thresholds',
    suite: { id, version, fingerprint },
    ...(leaderboard.data === null ? {} : { data: leaderboard.data }),
    ...corruptionsOf(leaderboard),
    rules: [...minimums, ...expressions],
  };
}
