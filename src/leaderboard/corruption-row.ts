import { GauntletError } from '../errors.js';
import type { CellResult, CompletedCell } from '../evaluate/cell.js';
import { bootstrapIntervals } from '../metrics/corruption/bootstrap.js';
import { corruptionError, meanCorruptionError } from '../metrics/corruption/corruption-error.js';
import {
  meanUnnormalisedError,
  unnormalisedError,
  type ErrorSums,
} from '../metrics/corruption/error-sums.js';
import type { Figure } from '../metrics/corruption/figure.js';
import { sumErrors, type ImageErrors } from '../metrics/corruption/image-errors.js';
import type { Bounds } from '../metrics/resample.js';
import {
  meanRelativeCorruptionError,
  relativeCorruptionError,
} from '../metrics/corruption/relative-error.js';
import type {
  ColumnValue,
  CompletedValue,
  CorruptionFigure,
  CorruptionSummary,
  LeaderboardInterval,
} from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';
import type { Baseline } from './baseline.js';
import { clusteredInterval } from './cluster.js';
import { errorsByImage } from './errors-by-image.js';
import { meanConfidence } from './value.js';

/** What a row's corruption columns come to together. */
export interface CorruptionRow {
  /** Value of the column mean-corruption. */
  readonly mean: ColumnValue;
  /** Absent unless all cells completed. */
  readonly summary?: CorruptionSummary;
}

/**
 * The metrics over all corruption columns of a row but MNIST-C's unchanged images, with intervals from one bootstrap over images; undefined without such columns.
 * @param values of the columns, by id
 * @param cellOf the row's cell of an entry
 * @throws GauntletError BASELINE_INVALID when the baseline was measured on another number of images
 */
export function corruptionRow(
  columns: readonly Column[],
  values: Readonly<Record<string, ColumnValue>>,
  cellOf: (entry: string) => CellResult | undefined,
  baseline?: Baseline,
): CorruptionRow | undefined {
  const corruptions = corruptionColumns(columns, cellOf);
  if (corruptions.length === 0) return undefined;
  const unfinished = corruptions.map(({ id }) => values[id]!).find(({ status }) => status !== 'completed');
  if (unfinished !== undefined) return { mean: unfinished };
  const cells = new Map(corruptions.map(({ id, cells: entries }) => [id, completedCells(entries, cellOf)]));
  const model = errorsByImage(cells);
  requireSameImages(model, baseline);
  const figures = figuresOf(model, baseline);
  const mean = meanValue([...cells.values()].flat(), figures.meanError);
  const { lower, upper } = mean.interval;
  const { ce, relativeCe, mce, relativeMce } = figures;
  return {
    mean,
    summary: {
      meanError: {
        value: (mean.n - mean.correct) / mean.n,
        interval: { ...mean.interval, lower: 1 - upper, upper: 1 - lower },
      },
      ...(mce === undefined || relativeMce === undefined ? {} : { mce, relativeMce }),
      ...meanConfidence([...cells.values()].flat()),
      corruptions: Object.fromEntries(
        [...sumErrors(model).corruptions].map(([id, errors]) => [
          id,
          {
            unnormalisedError: unnormalisedError(errors, model.images),
            ...(ce === undefined || relativeCe === undefined
              ? {}
              : { ce: ce.get(id)!, relativeCe: relativeCe.get(id)! }),
            ...meanConfidence(cells.get(id)!),
          },
        ]),
      ),
    },
  };
}

/** The unchanged images of MNIST-C are no corruption, and would raise a mean; where there is nothing else they are all there is. */
function corruptionColumns(
  columns: readonly Column[],
  cellOf: (entry: string) => CellResult | undefined,
): Column[] {
  const all = columns.filter(({ kind }) => kind === 'corruption');
  const changed = all.filter(({ cells }) => {
    const plan = cellOf(cells[0]!)?.plan;
    return plan?.kind !== 'corruption' || plan.corruption.id !== 'identity';
  });
  return changed.length === 0 ? all : changed;
}

function requireSameImages({ images }: ImageErrors, baseline: Baseline | undefined): void {
  const theirs = baseline?.images?.images ?? images;
  if (theirs === images) return;
  const { id } = baseline!.described;
  throw new GauntletError(
    'BASELINE_INVALID',
    `${id} was measured on ${theirs} images, the results on ${images}.`,
  );
}

function completedCells(
  entries: readonly string[],
  cellOf: (entry: string) => CellResult | undefined,
): CompletedCell[] {
  return entries.map((entry) => cellOf(entry)).filter((cell) => cell?.status === 'completed');
}

/** The interval of outcomes that are all alike says nothing when drawn again; Wilson's on images does. */
function meanValue(cells: readonly CompletedCell[], error: Bounds): CompletedValue {
  const total = (count: (cell: CompletedCell) => number) => cells.reduce((sum, cell) => sum + count(cell), 0);
  const [correct, n] = [total((cell) => cell.robust.correct), total((cell) => cell.n)];
  const drawn = { lower: 1 - error.upper, upper: 1 - error.lower, level: 0.95, method: 'bootstrap' } as const;
  const interval: LeaderboardInterval = correct === 0 || correct === n ? clusteredInterval(cells) : drawn;
  return {
    status: 'completed',
    correct,
    n,
    accuracy: correct / n,
    interval,
    invalid: total((cell) => cell.invalid),
  };
}

interface Figures {
  readonly meanError: Bounds;
  readonly mce?: CorruptionFigure;
  readonly relativeMce?: CorruptionFigure;
  readonly ce?: ReadonlyMap<string, CorruptionFigure>;
  readonly relativeCe?: ReadonlyMap<string, CorruptionFigure>;
}

type Ratio = (model: ErrorSums, baseline: ErrorSums) => Figure;

/** All figures that need an interval, from one pass over the resamples. */
function figuresOf(model: ImageErrors, baseline: Baseline | undefined): Figures {
  const ids = [...model.corruptions.keys()];
  const ratios: readonly Ratio[] =
    baseline === undefined
      ? []
      : [
          meanCorruptionError,
          meanRelativeCorruptionError,
          ...ids.map(
            (id): Ratio =>
              (ours, theirs) =>
                corruptionError(id, ours, theirs),
          ),
          ...ids.map(
            (id): Ratio =>
              (ours, theirs) =>
                relativeCorruptionError(id, ours, theirs),
          ),
        ];
  const drawn = bootstrapIntervals(
    baseline?.images === undefined ? [model] : [model, baseline.images],
    ([ours, theirs = baseline?.sums]) => [
      meanUnnormalisedError(ours!),
      ...ratios.map((ratio) => ratio(ours!, theirs!).value),
    ],
  );
  const [meanError, ...intervals] = drawn;
  if (baseline === undefined) return { meanError: meanError! };
  const sums = sumErrors(model);
  const figures = ratios.map((ratio, i) => withInterval(ratio(sums, baseline.sums), intervals[i]!));
  const byId = (from: number) => new Map(ids.map((id, i) => [id, figures[from + i]!]));
  return {
    meanError: meanError!,
    mce: figures[0]!,
    relativeMce: figures[1]!,
    ce: byId(2),
    relativeCe: byId(2 + ids.length),
  };
}

/** Where the model makes no error at all, drawing images again makes none either: that is no interval. */
function withInterval(figure: Figure, bounds: Bounds | null): CorruptionFigure {
  if (figure.value === null) return { value: null, reason: figure.reason };
  const { value } = figure;
  const vacuous = bounds === null || (value === 0 && bounds.lower === bounds.upper);
  return { value, interval: vacuous ? null : { ...bounds, level: 0.95, method: 'bootstrap' } };
}
