import type { ColumnValue, Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';
import { headingLines, valueLines } from './format.js';

/** Widest heading line, where words allow it. */
export const HEADING_WIDTH = 10;
/** Between a number and its interval: on one line, or below each other. */
type Joint = ' ' | '\n';

/** How the fields of a table are set; `gap` is the number of spaces between columns. */
interface Setting {
  readonly joint: Joint;
  readonly gap: number;
}

/** Columns that are printed side by side. */
export interface Block extends Setting {
  readonly columns: readonly Column[];
}

/** From roomy to tight. */
const SETTINGS: readonly Setting[] = [
  { joint: ' ', gap: 2 },
  { joint: '\n', gap: 2 },
  { joint: '\n', gap: 1 },
];

/**
 * Spreads the columns over blocks of at most `width` characters: one block in the roomiest setting that fits, else fields on two
 * lines in as many blocks as it takes.
 */
export function layOut(leaderboard: Leaderboard, width: number): Block[] {
  const layouts = SETTINGS.map((setting) => split(leaderboard, setting, width));
  return layouts.find((blocks) => blocks.length === 1) ?? layouts[1]!;
}

function split({ rows, columns, ranked }: Leaderboard, setting: Setting, width: number): Block[] {
  const { joint, gap } = setting;
  const rank = ranked === false ? 0 : 'rank'.length + gap;
  const labels = rank + Math.max('model'.length, ...[...rowNames(rows).values()].map(widthOf));
  const blocks: Column[][] = [];
  let used = Infinity;
  for (const column of columns) {
    const texts = rows.map((row) => fieldText(row.columns[column.id], joint));
    const needed = gap + Math.max(...[...texts, headingLines(column, HEADING_WIDTH).join('\n')].map(widthOf));
    if (used + needed > width) {
      blocks.push([]);
      used = labels;
    }
    blocks.at(-1)!.push(column);
    used += needed;
  }
  return blocks.map((block) => ({ ...setting, columns: block }));
}

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

const widthOf = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
