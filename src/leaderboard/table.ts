import { plainTable } from '../text/plain-table.js';
import { layOut, type Setting, type Table, type TableColumn } from './layout.js';

/** How to lay tables out. */
export interface RenderOptions {
  /** Characters per line. @default 110 */
  readonly width?: number;
  /** @default false */
  readonly color?: boolean;
}

/** A table as text, in as many blocks as the width asks for; each ends with a line break. None without columns. */
export function renderTable<Row>(
  table: Table<Row>,
  width: number,
  bold: (text: string) => string,
  settings?: readonly Setting[],
): string[] {
  const heading = ({ heading: lines }: TableColumn<Row>) => lines.map(bold).join('\n');
  return layOut(table, width, settings).map(({ columns, joint, gap }) => {
    const shown = [...table.labels, ...columns];
    const fields = table.rows.map((row) => shown.map(({ field }) => field(row, joint)));
    return `${plainTable(shown.map(heading), fields, { gap })}\n`;
  });
}
