import { GauntletError } from '../../errors.js';
import { meanCorruptionAccuracy, type AccuracyGrid } from './grid.js';

/** A part of a grid; what is not named stays whole. */
export interface GridSubset {
  readonly corruptions?: readonly string[] | undefined;
  readonly severities?: readonly number[] | undefined;
}

/**
 * The part of a grid.
 * @throws GauntletError USAGE for a corruption the grid lacks, or when nothing is left
 */
export function gridSubset(grid: AccuracyGrid, { corruptions, severities }: GridSubset): AccuracyGrid {
  const known = grid.map(({ corruption }) => corruption);
  const missing = corruptions?.filter((id) => !known.includes(id)) ?? [];
  if (missing.length > 0) {
    throw new GauntletError('USAGE', `The grid has no ${missing.join(', ')}; it has ${known.join(', ')}.`);
  }
  const rows = grid
    .filter(({ corruption }) => corruptions?.includes(corruption) ?? true)
    .map(({ corruption, cells }) => ({
      corruption,
      cells: cells.filter(({ severity }) => severities?.includes(severity) ?? true),
    }))
    .filter(({ cells }) => cells.length > 0);
  if (rows.length > 0) return rows;
  throw new GauntletError(
    'USAGE',
    `No cell of the grid has a severity of ${severities?.join(', ') ?? 'none'}.`,
  );
}

/** One model's mean corruption accuracy on the whole grid and on a part of it. */
export interface SubsetMeans {
  readonly full: number;
  readonly part: number;
}

/** How well a part stands for the whole, over several models. */
export interface SubsetError {
  /** Mean of part - full: what the part flatters or belittles all models by. */
  readonly bias: number;
  /** Mean and largest of |part - full|. */
  readonly meanAbsolute: number;
  readonly largest: number;
  /** Pairs of models that the part puts in the other order; ties on either side are no pair. */
  readonly swapped: number;
  readonly pairs: number;
}

/** Means of a model's grid and of a part of it, which may have been measured on fewer images. */
export function subsetMeans(grid: AccuracyGrid, part: AccuracyGrid): SubsetMeans {
  return { full: meanCorruptionAccuracy(grid), part: meanCorruptionAccuracy(part) };
}

/**
 * The error of a part over models.
 * @param models at least one
 */
export function subsetError(models: readonly SubsetMeans[]): SubsetError {
  const errors = models.map(({ full, part }) => part - full);
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  let [swapped, pairs] = [0, 0];
  for (const [i, one] of models.entries()) {
    for (const other of models.slice(i + 1)) {
      const agreement = Math.sign(one.full - other.full) * Math.sign(one.part - other.part);
      if (agreement !== 0) pairs += 1;
      if (agreement < 0) swapped += 1;
    }
  }
  const absolute = errors.map(Math.abs);
  return { bias: mean(errors), meanAbsolute: mean(absolute), largest: Math.max(...absolute), swapped, pairs };
}

/**
 * Half the width of the 95 % range of the difference between an accuracy on `part` images drawn without repetition and on all
 * `images`, from the half width of the interval on all of them (finite population correction, Cochran 1977, chapter 2).
 */
export function sampleHalfWidth(halfWidth: number, images: number, part: number): number {
  return part >= images ? 0 : halfWidth * Math.sqrt(images / part - 1);
}
