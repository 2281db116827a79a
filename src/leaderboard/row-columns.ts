import type {
  ColumnValue,
  CorruptionFigure,
  CorruptionSummary,
  Leaderboard,
  LeaderboardRow,
} from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';
import { figureText, headingLines, percent, valueLines } from './format.js';
import { HEADING_WIDTH, type Joint, type TableColumn } from './layout.js';

type RowColumn = TableColumn<LeaderboardRow>;

/** Rank and name of a row, the rank only where there is one. */
export function labelColumns({ rows, ranked }: Leaderboard): RowColumn[] {
  const names = rowNames(rows);
  const rank: RowColumn = {
    heading: ['rank'],
    field: (row) => (row.rank === null ? '-' : String(row.rank)),
  };
  const model: RowColumn = { heading: ['model'], field: (row) => names.get(row)! };
  return ranked === false ? [model] : [rank, model];
}

/** A column of the leaderboard as a column on screen. */
export function accuracyColumn(column: Column): RowColumn {
  return {
    heading: headingLines(column, HEADING_WIDTH),
    field: (row, joint) => fieldText(row.columns[column.id], joint),
  };
}

/** Mean over the corruptions, and what they come to against the baseline where one was named. */
export function corruptionColumns({ columns, baseline }: Leaderboard): RowColumn[] {
  const mean = columns.find(({ kind }) => kind === 'corruption-mean');
  if (mean === undefined) return [];
  const figure = (pick: (summary: CorruptionSummary) => CorruptionFigure | undefined) => figureColumn(pick);
  return [
    accuracyColumn(mean),
    { heading: ['Mean', 'error'], field: summaryField(({ meanError }) => percent(meanError.value)) },
    ...(baseline === undefined
      ? []
      : [
          { heading: ['mCE'], field: figure(({ mce }) => mce) },
          { heading: ['Relative', 'mCE'], field: figure(({ relativeMce }) => relativeMce) },
        ]),
    { heading: ['Confidence'], field: summaryField(({ confidence }) => optional(confidence)) },
    {
      heading: ['Calibration', 'error'],
      field: summaryField(({ calibrationError }) => optional(calibrationError)),
    },
  ];
}

const figureColumn =
  (pick: (summary: CorruptionSummary) => CorruptionFigure | undefined): RowColumn['field'] =>
  ({ corruption }, joint) =>
    corruption === undefined ? '-' : figureText(pick(corruption), joint);

const summaryField =
  (text: (summary: CorruptionSummary) => string): RowColumn['field'] =>
  ({ corruption }) =>
    corruption === undefined ? '-' : text(corruption);

const optional = (share: number | undefined): string => (share === undefined ? '-' : percent(share));

/** One field: number and interval, then what is doubtful about it on further lines. */
export function fieldText(value: ColumnValue | undefined, joint: Joint): string {
  const [first = '', second, ...more] = value === undefined ? ['missing'] : valueLines(value);
  return [second === undefined ? first : `${first}${joint}${second}`, ...more].join('\n');
}

/** What rows are called: the model's id, with its hash and gradients where two rows share one, and whether something is missing. */
export function rowNames(rows: readonly LeaderboardRow[]): Map<LeaderboardRow, string> {
  const isShared = ({ model }: LeaderboardRow) =>
    rows.filter((other) => other.model.id === model.id).length > 1;
  const name = (row: LeaderboardRow) =>
    isShared(row)
      ? [row.model.id, row.model.sha256.slice(0, 8), row.model.gradient ?? ''].join(' ').trim()
      : row.model.id;
  return new Map(rows.map((row) => [row, row.complete ? name(row) : `${name(row)}\nincomplete`]));
}
