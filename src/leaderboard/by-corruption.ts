import type { Leaderboard } from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';
import { headingLines } from './format.js';
import type { Table } from './layout.js';
import { fieldText, rowNames } from './row-columns.js';

/** Corruptions that are columns beside the attacks; more of them get a table of their own, with a row each. */
const MOST_BESIDE = 6;

/** Whether the corruptions get a table of their own. */
export function hasOwnTable({ columns }: Leaderboard): boolean {
  return columns.filter(({ kind }) => kind === 'corruption').length > MOST_BESIDE;
}

/** One row per corruption, one column per model: mean accuracy over severities. */
export function byCorruption({ rows, columns }: Leaderboard): Table<Column> {
  const names = rowNames(rows);
  return {
    rows: columns.filter(({ kind }) => kind === 'corruption'),
    labels: [{ heading: ['corruption'], field: (column) => headingLines(column, Infinity)[0]! }],
    columns: rows.map((row) => ({
      heading: names.get(row)!.split('\n'),
      field: (column, joint) => fieldText(row.columns[column.id], joint),
    })),
  };
}
