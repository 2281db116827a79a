import pc from 'picocolors';
import type { Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';
import { examplesText, headingLines, wrapText } from './format.js';
import { fieldText, HEADING_WIDTH, layOut, rowNames, type Block } from './layout.js';
import { modelRemarks } from '../results/model-remarks.js';
import { plainTable } from '../text/plain-table.js';

/** How to lay the table out. */
export interface RenderOptions {
  /** Characters per line. @default 110 */
  readonly width?: number;
  /** @default false */
  readonly color?: boolean;
}

/**
 * The leaderboard as text. A field is `93.1 % [91.4, 94.5]`, on one line where the table then fits the width and on two
 * otherwise; columns that still do not fit go to further blocks. What is incomplete, doubtful or an upper bound is said.
 */
export function renderLeaderboard(leaderboard: Leaderboard, options: RenderOptions = {}): string {
  const { width = 110, color = false } = options;
  const { suite, rows } = leaderboard;
  const colors = pc.createColors(color);
  const blocks = layOut(leaderboard, width);
  const heading = `${suite.title} (${suite.id}, version ${suite.version})`;
  return [
    colors.bold(heading),
    '',
    ...blocks.map((block) => renderBlock(leaderboard, block, colors.bold)),
    ...legend(leaderboard).map((line) => colors.dim(line)),
    ...rows.flatMap((row) => remarks(row, rowNames(rows).get(row)!)).map((line) => colors.yellow(line)),
    ...(suite.note === null ? [] : ['', ...wrapText(suite.note, width)]),
    '',
  ].join('\n');
}

function renderBlock({ rows, ranked }: Leaderboard, block: Block, bold: (text: string) => string): string {
  const labels = rowNames(rows);
  const heading = (column: Column) => headingLines(column, HEADING_WIDTH).map(bold).join('\n');
  const table = plainTable(
    [...(ranked === false ? [] : [bold('rank')]), bold('model'), ...block.columns.map(heading)],
    rows.map((row) => [
      ...(ranked === false ? [] : [row.rank === null ? '-' : String(row.rank)]),
      labels.get(row)!,
      ...block.columns.map((column) => fieldText(row.columns[column.id], block.joint)),
    ]),
    { gap: block.gap },
  );
  return `${table}\n`;
}

function legend(leaderboard: Leaderboard): string[] {
  const { suite, columns } = leaderboard;
  const corrupted = columns.filter((column) => column.kind === 'corruption');
  return [
    `${examplesText(suite)}; in brackets 95 % intervals.`,
    ...(corrupted.length === 0
      ? []
      : ['Corruption columns are means over severities; their intervals count images.']),
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
    value.status === 'completed' ? [] : [`${label}, ${id}: ${value.status}: ${value.reason}`],
  );
  return [
    ...modelRemarks(row.model).map((remark) => `${label}: ${remark}`),
    ...unfinished,
    ...row.flags.map((flag) => `${label}, ${flag.entry}: ${flag.code}: ${flag.message}`),
  ];
}
