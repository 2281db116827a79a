import pc from 'picocolors';
import { GauntletError } from '../errors.js';
import { meanCorruptionAccuracy } from '../metrics/corruption/grid.js';
import { gridSubset } from '../metrics/corruption/subset.js';
import type { CorruptionFigure, Leaderboard, LeaderboardRow } from '../results/schema/leaderboard.js';
import { didYouMean } from '../text/suggest.js';
import { corruptionLegend } from './corruption-legend.js';
import { examplesText, figureText, percent } from './format.js';
import { gridOfRow } from './grid-of-row.js';
import { ONE_LINE, type TableColumn } from './layout.js';
import { fieldText, rowNames } from './row-columns.js';
import { renderTable, type RenderOptions } from './table.js';

/** One line of the grid: a corruption, or all of them together. */
interface Line {
  readonly name: string;
  /** Id of the column with the line's mean. */
  readonly column: string;
  /** Accuracy by severity. */
  readonly accuracy: ReadonlyMap<number, number>;
  readonly confidence?: number | undefined;
  readonly calibrationError?: number | undefined;
  readonly error?: CorruptionFigure | undefined;
  readonly relativeError?: CorruptionFigure | undefined;
}

/**
 * The grid corruption x severity of a model as text, with the means over severities, the errors against the baseline where one was
 * named, and confidence and calibration; the last line is all corruptions together. A model with several rows has a grid for each.
 * @throws GauntletError UNKNOWN_MODEL when no row is of that model, USAGE when the leaderboard has no corruptions
 */
export function renderGrid(leaderboard: Leaderboard, model: string, options: RenderOptions = {}): string {
  const { suite, rows, columns } = leaderboard;
  const colors = pc.createColors(options.color ?? false);
  if (!columns.some(({ kind }) => kind === 'corruption')) {
    throw new GauntletError('USAGE', `${suite.id} has no corruptions, so there is no grid.`);
  }
  const chosen = rows.filter((row) => row.model.id === model);
  if (chosen.length === 0) {
    const known = rows.map((row) => row.model.id);
    const message = `No row is of "${model}"${didYouMean(model, known)}; there are ${known.join(', ')}.`;
    throw new GauntletError('UNKNOWN_MODEL', message, { help: 'Name a row of the leaderboard.' });
  }
  const names = rowNames(rows);
  return [
    ...chosen.flatMap((row) => [
      colors.bold(
        `${names.get(row)!.replace('\n', ', ')} under ${suite.title} (${suite.id}, version ${suite.version})`,
      ),
      '',
      ...renderRow(leaderboard, row, options.width ?? 110, colors.bold),
    ]),
    ...[
      `${examplesText(suite)}; in brackets 95 % intervals.`,
      ...corruptionLegend(leaderboard, { meanError: false }),
    ].map(colors.dim),
    '',
  ].join('\n');
}

function renderRow(
  leaderboard: Leaderboard,
  row: LeaderboardRow,
  width: number,
  bold: (text: string) => string,
): string[] {
  const lines = linesOf(leaderboard, row);
  const severities = [...new Set(lines.flatMap(({ accuracy }) => [...accuracy.keys()]))].sort();
  const against: TableColumn<Line>[] = [
    { heading: ['CE'], field: ({ error }, joint) => figureText(error, joint) },
    { heading: ['relative CE'], field: ({ relativeError }, joint) => figureText(relativeError, joint) },
  ];
  const table = {
    rows: lines,
    labels: [{ heading: ['corruption'], field: ({ name }: Line) => name }],
    columns: [
      ...severities.map((severity) => ({
        heading: [String(severity)],
        field: ({ accuracy }: Line) => share(accuracy.get(severity)),
      })),
      { heading: ['mean'], field: ({ column }: Line) => fieldText(row.columns[column], ' ') },
      ...(leaderboard.baseline === undefined ? [] : against),
      { heading: ['confidence'], field: ({ confidence }: Line) => share(confidence) },
      { heading: ['calibration', 'error'], field: ({ calibrationError }: Line) => share(calibrationError) },
    ],
  };
  return renderTable(table, width, bold, ONE_LINE);
}

function linesOf(leaderboard: Leaderboard, row: LeaderboardRow): Line[] {
  const grid = gridOfRow(leaderboard, row);
  const { corruption } = row;
  const lines = leaderboard.columns.flatMap(({ id, kind }): Line[] => {
    if (kind !== 'corruption') return [];
    const cells = grid.find((one) => one.corruption === id)?.cells ?? [];
    const accuracy = new Map(cells.map((cell) => [cell.severity, cell.accuracy]));
    const figures = corruption?.corruptions[id];
    const against = { error: figures?.ce, relativeError: figures?.relativeCe };
    const sure = { confidence: figures?.confidence, calibrationError: figures?.calibrationError };
    return [{ name: id, column: id, accuracy, ...against, ...sure }];
  });
  const severities = new Set(grid.flatMap(({ cells }) => cells.map(({ severity }) => severity)));
  const together: Line = {
    name: 'all together',
    column: leaderboard.columns.find(({ kind }) => kind === 'corruption-mean')!.id,
    accuracy: new Map(
      [...severities].map((severity) => [
        severity,
        meanCorruptionAccuracy(gridSubset(grid, { severities: [severity] })),
      ]),
    ),
    error: corruption?.mce,
    relativeError: corruption?.relativeMce,
    confidence: corruption?.confidence,
    calibrationError: corruption?.calibrationError,
  };
  return [...lines, together];
}

const share = (value: number | undefined): string => (value === undefined ? '-' : percent(value));
