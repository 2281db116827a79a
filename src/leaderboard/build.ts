import { GauntletError } from '../errors.js';
import type { CellResult, CompletedCell } from '../evaluate/cell.js';
import type { Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';
import type { RunManifest } from '../results/schema/run.js';
import { withPlugins } from './plugins.js';
import { rankRows } from './rank.js';
import { cleanValue, columnValue } from './value.js';

/**
 * The leaderboard of a run. Only cells that the run planned, with the fingerprint it planned, are looked at; what else lies in
 * the folder is of another run. Equal cells give an equal leaderboard, whatever order they come in.
 * @throws GauntletError RESULT_INVALID when cells that belong together are of different data
 */
export function buildLeaderboard(run: RunManifest, cells: readonly CellResult[]): Leaderboard {
  const planned = selectCells(run, cells);
  const completed = [...planned.values()].filter((cell) => cell.status === 'completed');
  const data = commonData(completed);
  const ranked = run.suite.rank ?? false;
  const rows = run.models.map((model) => buildRow(run, model, (entry) => planned.get(key(model.id, entry))));
  return {
    schemaVersion: 1,
    kind: 'leaderboard',
    suite: run.suite,
    data,
    columns: run.columns.map((column) => withPlugins(column, [...planned.values()])),
    ranked,
    rows: rankRows(rows, ranked),
  };
}

/** Cells of the plan by model and entry. */
function selectCells(run: RunManifest, cells: readonly CellResult[]): Map<string, CellResult> {
  const fingerprints = new Map(run.plan.map((cell) => [key(cell.model, cell.entry), cell.fingerprint]));
  return new Map(
    cells
      .filter((cell) => fingerprints.get(key(cell.model.id, cell.entry)) === cell.fingerprint)
      .map((cell) => [key(cell.model.id, cell.entry), cell]),
  );
}

/** Entry ids hold no line break, so the key is unique. */
const key = (model: string, entry: string): string => `${entry}\n${model}`;

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

type CellOf = (entry: string) => CellResult | undefined;

function buildRow(run: RunManifest, model: LeaderboardRow['model'], cellOf: CellOf): LeaderboardRow {
  const entries = run.columns.flatMap((column) => column.cells);
  const cells = entries.flatMap((entry) => cellOf(entry) ?? []);
  const completed = cells.filter((cell) => cell.status === 'completed');
  const columns = Object.fromEntries(
    run.columns.map((column) => [
      column.id,
      column.kind === 'clean' ? cleanValue(completed) : columnValue(column, column.cells.map(cellOf)),
    ]),
  );
  return {
    model: { ...model, ...(completed.some((cell) => cell.model.stochastic) ? { stochastic: true } : {}) },
    complete: Object.values(columns).every((value) => value.status === 'completed'),
    rank: null,
    columns,
    flags: [...cellFlags(completed), ...cleanFlags(completed)],
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
