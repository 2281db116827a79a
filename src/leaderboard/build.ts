import { GauntletError } from '../errors.js';
import type { CellResult, CompletedCell } from '../evaluate/cell.js';
import type {
  ColumnValue,
  Leaderboard,
  LeaderboardColumn,
  LeaderboardRow,
} from '../results/schema/leaderboard.js';
import type { Column, RunManifest } from '../results/schema/run.js';
import type { Baseline } from './baseline.js';
import { imageFlags, withConditions } from './conditions.js';
import { corruptionRow } from './corruption-row.js';
import { withMeanCorruption } from './mean-column.js';
import { plannedCells } from './planned.js';
import { withPlugins } from './plugins.js';
import { rankRows } from './rank.js';
import { cleanValue, columnValue } from './value.js';

/** A leaderboard without its rows: what was measured, and how. */
export type LeaderboardHead = Omit<Leaderboard, 'rows'>;

/**
 * What a run measured and how, without the results of its models.
 * @throws GauntletError RESULT_INVALID when cells that belong together are of different data
 */
export function leaderboardHead(
  run: RunManifest,
  cells: readonly CellResult[],
  baseline?: Baseline,
): LeaderboardHead {
  const planned = plannedCells(run, cells).cells;
  return {
    schemaVersion: 1,
    kind: 'leaderboard',
    suite: run.suite,
    data: commonData(planned.filter((cell) => cell.status === 'completed')),
    columns: withMeanCorruption(
      run.columns.map((column) => withConditions(withPlugins(column, planned), planned)),
    ),
    ranked: run.suite.rank ?? false,
    ...(baseline === undefined ? {} : { baseline: baseline.described }),
  };
}

/**
 * The leaderboard of a run. Only cells that the run planned, with the fingerprint it planned, are looked at; what else lies in
 * the folder is of another run. Equal cells give an equal leaderboard, whatever order they come in.
 * @param baseline what corruption errors are divided by; without one they are not
 * @throws GauntletError RESULT_INVALID when cells that belong together are of different data
 */
export function buildLeaderboard(
  run: RunManifest,
  cells: readonly CellResult[],
  baseline?: Baseline,
): Leaderboard {
  const head = leaderboardHead(run, cells, baseline);
  const { cellOf } = plannedCells(run, cells);
  const rows = run.models.map((model) =>
    buildRow(head.columns, model, (entry) => cellOf(model.id, entry), baseline),
  );
  return { ...head, rows: rankRows(rows, head.ranked) };
}

/** The content of the data set all cells were evaluated on. */
function commonData(cells: readonly CompletedCell[]): string | null {
  const [first] = cells;
  if (first === undefined) return null;
  const same = (cell: CompletedCell) =>
    cell.data.fingerprint === first.data.fingerprint &&
    cell.data.indices.join() === first.data.indices.join();
  const other = cells.find((cell) => !same(cell));
  if (other === undefined) return first.data.fingerprint;
  throw new GauntletError(
    'RESULT_INVALID',
    `${other.model.id}/${other.entry} and ${first.model.id}/${first.entry} were evaluated on different examples.`,
  );
}

function buildRow(
  columns: readonly LeaderboardColumn[],
  model: LeaderboardRow['model'],
  cellOf: (entry: string) => CellResult | undefined,
  baseline: Baseline | undefined,
): LeaderboardRow {
  const own = columns.filter(({ kind }) => kind !== 'corruption-mean');
  const cells = own.flatMap((column) => column.cells).flatMap((entry) => cellOf(entry) ?? []);
  const completed = cells.filter((cell) => cell.status === 'completed');
  const value = (column: Column): ColumnValue =>
    column.kind === 'clean' ? cleanValue(completed) : columnValue(column, column.cells.map(cellOf));
  const values = Object.fromEntries(own.map((column) => [column.id, value(column)]));
  const corruption = corruptionRow(own, values, cellOf, baseline);
  const all = columns.map(({ id }) => [id, values[id] ?? corruption!.mean] as const);
  return {
    model: { ...model, ...(completed.some((cell) => cell.model.stochastic) ? { stochastic: true } : {}) },
    complete: all.every(([, { status }]) => status === 'completed'),
    rank: null,
    columns: Object.fromEntries(all),
    ...(corruption?.summary === undefined ? {} : { corruption: corruption.summary }),
    flags: [...cellFlags(completed), ...cleanFlags(completed), ...imageFlags(columns, completed)],
  };
}

function cellFlags(cells: readonly CompletedCell[]): LeaderboardRow['flags'] {
  return cells.flatMap(({ entry, flags }) => flags.map(({ code, message }) => ({ code, entry, message })));
}

/** Cells of one model see the same clean images; if they disagree, the model or the machine is not deterministic. */
function cleanFlags(cells: readonly CompletedCell[]): LeaderboardRow['flags'] {
  const [first] = cells;
  const other = cells.find((cell) => cell.clean.correct !== first!.clean.correct);
  if (first === undefined || other === undefined) return [];
  const message =
    `${first.clean.correct} of ${first.n} clean images are classified correctly in ${first.entry}, ` +
    `${other.clean.correct} in ${other.entry}.`;
  return [{ code: 'clean-disagrees', entry: other.entry, message }];
}
