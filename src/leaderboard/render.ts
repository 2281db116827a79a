import pc from 'picocolors';
import type { Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';
import { modelRemarks } from '../results/model-remarks.js';
import { MEAN_CORRUPTION } from '../suite/naming.js';
import { byCorruption, hasOwnTable } from './by-corruption.js';
import { corruptionLegend } from './corruption-legend.js';
import { examplesText, headingLines, wrapText } from './format.js';
import { ONE_LINE } from './layout.js';
import { accuracyColumn, corruptionColumns, labelColumns, rowNames } from './row-columns.js';
import { renderTable, type RenderOptions } from './table.js';

/**
 * The leaderboard as text. A field is `93.1 % [91.4, 94.5]`, on one line where the table then fits the width and on two
 * otherwise; columns that still do not fit go to further blocks. What corruptions come to together stands in a block of its own;
 * many corruptions have a table with a row each. What is incomplete, doubtful or an upper bound is said.
 */
export function renderLeaderboard(leaderboard: Leaderboard, options: RenderOptions = {}): string {
  const { width = 110, color = false } = options;
  const { suite, rows } = leaderboard;
  const colors = pc.createColors(color);
  const heading = `${suite.title} (${suite.id}, version ${suite.version})`;
  return [
    colors.bold(heading),
    '',
    ...tables(leaderboard, width, colors.bold),
    ...legend(leaderboard).map((line) => colors.dim(line)),
    ...rows.flatMap((row) => remarks(row, rowNames(rows).get(row)!)).map((line) => colors.yellow(line)),
    ...(suite.note === null ? [] : ['', ...wrapText(suite.note, width)]),
    '',
  ].join('\n');
}

function tables(leaderboard: Leaderboard, width: number, bold: (text: string) => string): string[] {
  const { rows, columns } = leaderboard;
  const labels = labelColumns(leaderboard);
  const apart = hasOwnTable(leaderboard);
  const single = columns
    .filter(({ kind }) => kind !== 'corruption-mean' && !(apart && kind === 'corruption'))
    .map(accuracyColumn);
  const together = corruptionColumns(leaderboard);
  const groups = apart ? [[...single, ...together]] : [single, together];
  return [
    ...groups.flatMap((group) => renderTable({ rows, labels, columns: group }, width, bold)),
    ...(apart ? renderTable(byCorruption(leaderboard), width, bold, ONE_LINE) : []),
  ];
}

function legend(leaderboard: Leaderboard): string[] {
  return [
    `${examplesText(leaderboard.suite)}; in brackets 95 % intervals.`,
    ...corruptionLegend(leaderboard, { meanError: true }),
    ...rankLegend(leaderboard),
  ];
}

/** A rank is an order of estimates: where intervals overlap, the sample does not tell which model is better. */
function rankLegend({ columns, ranked, rows }: Leaderboard): string[] {
  if (ranked === false) return ['The rows are not ranked.'];
  const column = columns.find(({ id }) => id === ranked);
  const name = column === undefined ? ranked : headingLines(column, Infinity)[0]!;
  const open = hasOverlap(rows, ranked) ? ' Ranks of rows whose intervals overlap could change places.' : '';
  return [`Ranked by ${name} (${ranked}); incomplete rows are not ranked.${open}`];
}

/** Whether the intervals of two ranks next to each other overlap. */
function hasOverlap(rows: Leaderboard['rows'], ranked: string): boolean {
  const values = rows.flatMap((row) => {
    const value = row.columns[ranked];
    return row.rank === null || value?.status !== 'completed' ? [] : [{ rank: row.rank, ...value.interval }];
  });
  return values.some((value, i) => {
    const next = values[i + 1];
    return next !== undefined && next.rank > value.rank && next.upper >= value.lower;
  });
}

/** One line per mark of the model, per field without a number and per flag. */
function remarks(row: LeaderboardRow, name: string): string[] {
  const label = name.replace('\nincomplete', '');
  const unfinished = Object.entries(row.columns).flatMap(([id, value]) =>
    value.status === 'completed' || id === MEAN_CORRUPTION
      ? []
      : [`${label}, ${id}: ${value.status}: ${value.reason}`],
  );
  return [
    ...modelRemarks(row.model).map((remark) => `${label}: ${remark}`),
    ...unfinished,
    ...row.flags.map((flag) => `${label}, ${flag.entry}: ${flag.code}: ${flag.message}`),
  ];
}
