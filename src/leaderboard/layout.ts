/** Widest heading line, where words allow it. */
export const HEADING_WIDTH = 10;
/** Between a number and its interval: on one line, or below each other. */
export type Joint = ' ' | '\n';

/** How the fields of a table are set; `gap` is the number of spaces between columns. */
export interface Setting {
  readonly joint: Joint;
  readonly gap: number;
}

/** A column of a table on screen. */
export interface TableColumn<Row> {
  readonly heading: readonly string[];
  readonly field: (row: Row, joint: Joint) => string;
}

/** A table before it is known how wide it may be. */
export interface Table<Row> {
  readonly rows: readonly Row[];
  /** Columns that say which row it is; every block begins with them. */
  readonly labels: readonly TableColumn<Row>[];
  readonly columns: readonly TableColumn<Row>[];
}

/** Columns that are printed side by side, behind the labels. */
export interface Block<Row> extends Setting {
  readonly columns: readonly TableColumn<Row>[];
}

/** From roomy to tight. */
const SETTINGS: readonly Setting[] = [
  { joint: ' ', gap: 2 },
  { joint: '\n', gap: 2 },
  { joint: '\n', gap: 1 },
];

/** Fields on one line each, in as many blocks as it takes: for tables of many rows. */
export const ONE_LINE: readonly Setting[] = [{ joint: ' ', gap: 2 }];

/**
 * Spreads the columns over blocks of at most `width` characters: one block in the roomiest setting that fits, else fields on two
 * lines (where the settings have such) in as many blocks as it takes.
 */
export function layOut<Row>(table: Table<Row>, width: number, settings = SETTINGS): Block<Row>[] {
  const layouts = settings.map((setting) => split(table, setting, width));
  return layouts.find((blocks) => blocks.length === 1) ?? layouts[1] ?? layouts[0]!;
}

function split<Row>({ rows, labels, columns }: Table<Row>, setting: Setting, width: number): Block<Row>[] {
  const { joint, gap } = setting;
  const needed = ({ heading, field }: TableColumn<Row>) =>
    Math.max(...[heading.join('\n'), ...rows.map((row) => field(row, joint))].map(widthOf));
  const beside = labels.reduce((sum, label) => sum + needed(label) + gap, -gap);
  const blocks: TableColumn<Row>[][] = [];
  let used = Infinity;
  for (const column of columns) {
    const more = gap + needed(column);
    if (used + more > width) {
      blocks.push([]);
      used = beside;
    }
    blocks.at(-1)!.push(column);
    used += more;
  }
  return blocks.map((block) => ({ ...setting, columns: block }));
}

const widthOf = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
