import Table from 'cli-table3';

const EDGES = ['top', 'bottom', 'left', 'right', 'mid'];
const CROSSINGS = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'];
const INNER = ['left-mid', 'mid-mid', 'right-mid'];

/** No frame: the table reads the same in a terminal, a log and a pasted message, and is easy to cut. */
const NO_FRAME = Object.fromEntries([...EDGES, ...CROSSINGS, ...INNER].map((part) => [part, '']));

export interface PlainTableOptions {
  /** Columns to align right. */
  readonly right?: readonly number[];
  /** Spaces between columns, 2 by default. */
  readonly gap?: number;
}

/** A table without frame; fields may have several lines. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [], gap = 2 }: PlainTableOptions = {},
): string {
  const table = new Table({
    head: [...head],
    chars: { ...NO_FRAME, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_name, column) => (right.includes(column) ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}
