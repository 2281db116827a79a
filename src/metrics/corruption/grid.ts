/** Accuracies of one model under one corruption, by severity. */
export interface GridRow {
  readonly corruption: string;
  readonly cells: readonly { readonly severity: number; readonly accuracy: number }[];
}

/** Accuracies of one model: a row for each corruption, a cell for each of its severities. */
export type AccuracyGrid = readonly GridRow[];

/** One letter per image and cell: `r` where the model is right on the corrupted image. */
export interface GridOutcomes {
  readonly corruption: string;
  readonly severity: number;
  readonly outcomes: string;
}

/**
 * The grid of a model from its outcomes, in the order in which corruptions come first; severities ascend.
 * @param examples how many of the images to look at, from the first; all by default
 */
export function accuracyGrid(cells: readonly GridOutcomes[], examples = Infinity): AccuracyGrid {
  const corruptions = [...new Set(cells.map(({ corruption }) => corruption))];
  return corruptions.map((corruption) => ({
    corruption,
    cells: cells
      .filter((cell) => cell.corruption === corruption)
      .map(({ severity, outcomes }) => ({ severity, accuracy: accuracy(outcomes.slice(0, examples)) }))
      .sort((a, b) => a.severity - b.severity),
  }));
}

/** Share of `r` among the letters, 0 of none. */
function accuracy(outcomes: string): number {
  let right = 0;
  for (const letter of outcomes) if (letter === 'r') right += 1;
  return outcomes.length === 0 ? 0 : right / outcomes.length;
}

/**
 * Mean corruption accuracy: the mean over all cells, corruption x severity (Croce et al. 2021, RobustBench, arXiv:2010.09670,
 * of 15 x 5). Where all corruptions have as many severities it is the mean over corruptions of their means, too.
 */
export function meanCorruptionAccuracy(grid: AccuracyGrid): number {
  const accuracies = grid.flatMap(({ cells }) => cells.map((cell) => cell.accuracy));
  return accuracies.reduce((sum, each) => sum + each, 0) / accuracies.length;
}
