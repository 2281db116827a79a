import type { ColumnValue, Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';
import { headingLines, valueLines } from './format.js';

/** Widest heading line, where words allow it. */
export const HEADING_WIDTH = 12;
/** Spaces between columns. */
export const GAP = 2;

/** Between a number and its interval: on one line, or below each other. */
type Joint = ' ' | '\n';

/** Columns that are printed side by side. */
export interface Block {
  readonly columns: readonly Column[];
  readonly joint: Joint;
}

/**
 * Spreads the columns over blocks of at most `width` characters: one block with fields on one line if they fit, else fields on
 * two lines in as many blocks as it takes.
 */
export function layOut(leaderboard: Leaderboard, width: number): Block[] {
  const wide = split(leaderboard, ' ', width);
  return wide.length === 1 ? wide : split(leaderboard, '\n', width);
}

function split({ rows, columns, ranked }: Leaderboard, joint: Joint, width: number): Block[] {
  const rank = ranked === false ? 0 : 'rank'.length + GAP;
  const labels = rank + Math.max('model'.length, ...[...rowNames(rows).values()].map(widthOf));
  const blocks: Column[][] = [];
  let used = Infinity;
  for (const column of columns) {
    const texts = rows.map((row) => fieldText(row.columns[column.id], joint));
    const needed = GAP + Math.max(...[...texts, headingLines(column, HEADING_WIDTH).join('\n')].map(widthOf));
    if (used + needed > width) {
      blocks.push([]);
      used = labels;
    }
    blocks.at(-1)!.push(column);
    used += needed;
  }
  return blocks.map((block) => ({ columns: block, joint }));
}

/** One field: number and interval, then what is doubtful about it on further lines. */
export function fieldText(value: ColumnValue | undefined, joint: Joint): string {
  const [first = '', second, ...more] = value === undefined ? ['missing'] : valueLines(value);
  return [second === undefined ? first : `${first}${joint}${second}`, ...more].join('\n');
}

/** What rows are called: the model's id, with its hash where two models share one, and whether something is missing. */
export function rowNames(rows: readonly LeaderboardRow[]): Map<LeaderboardRow, string> {
  const isShared = ({ model }: LeaderboardRow) =>
    rows.filter((other) => other.model.id === model.id).length > 1;
  const name = (row: LeaderboardRow) =>
    isShared(row) ? `${row.model.id} ${row.model.sha256.slice(0, 8)}` : row.model.id;
  return new Map(rows.map((row) => [row, row.complete ? name(row) : `${name(row)}\nincomplete`]));
}

const widthOf = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
