import type { CellResult, CompletedCell } from '../evaluate/cell.js';
import type { Column } from '../results/schema/run.js';
import { decodeRuns, encodeRuns } from './run-length.js';

/** Outcomes of a column's cells by entry, run-length coded. */
export type CodedOutcomes = Readonly<Record<string, string>>;

/** The outcomes a later run is compared with; columns without cells of their own, clean and mean corruption, have none. */
export function codedOutcomes(column: Column, model: string, cells: readonly CellResult[]): CodedOutcomes {
  return Object.fromEntries(
    cellsOf(column, model, cells).map((cell) => [cell.entry, encodeRuns(cell.outcomes)]),
  );
}

/** Data indices of examples that were robust in the baseline and are not any more, ascending, each once. */
export function newlyFooled(
  column: Column,
  model: string,
  cells: readonly CellResult[],
  baseline: CodedOutcomes,
): number[] {
  const fooled = cellsOf(column, model, cells).flatMap((cell) => {
    const before = decodeRuns(baseline[cell.entry] ?? '', cell.n);
    return cell.data.indices.filter((_index, i) => before[i] === 'r' && cell.outcomes[i] !== 'r');
  });
  return [...new Set(fooled)].sort((a, b) => a - b);
}

function cellsOf(column: Column, model: string, cells: readonly CellResult[]): CompletedCell[] {
  return cells.filter(
    (cell): cell is CompletedCell =>
      cell.status === 'completed' && cell.model.id === model && column.cells.includes(cell.entry),
  );
}
