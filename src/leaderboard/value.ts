import type { CellResult, CompletedCell } from '../evaluate/cell.js';
import { wilsonInterval } from '../metrics/proportion.js';
import { countOutcome } from '../results/consistency.js';
import type { ColumnValue, CompletedValue } from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';
import { clusteredInterval } from './cluster.js';

type Measured = Pick<CompletedValue, 'correct' | 'n' | 'accuracy' | 'interval' | 'invalid'>;

/**
 * One field of the table from the cells behind it.
 * @param cells one per entry of `column.cells`, undefined where the run has none
 */
export function columnValue(column: Column, cells: readonly (CellResult | undefined)[]): ColumnValue {
  const completed: CompletedCell[] = [];
  for (const [i, cell] of cells.entries()) {
    if (cell === undefined)
      return { status: 'missing', reason: `there is no result for ${column.cells[i]!}` };
    if (cell.status !== 'completed') {
      return { status: cell.status, reason: `${cell.entry}: ${cell.reason.message}` };
    }
    completed.push(cell);
  }
  const [first] = completed;
  if (first === undefined) return { status: 'missing', reason: 'the column has no cells' };
  return column.kind === 'corruption' ? corruptionValue(completed) : attackValue(first);
}

/**
 * Accuracy without attack. Cells of one model see the same images, so any of them has it.
 * @param cells completed cells of one model
 */
export function cleanValue(cells: readonly CompletedCell[]): ColumnValue {
  const [first] = cells;
  if (first === undefined) return { status: 'missing', reason: 'no cell of the model completed' };
  const { correct, n } = first.clean;
  return { status: 'completed', ...measured(correct, n, cleanInvalid(cells)) };
}

/** Examples on which the model has no finite output even without attack. */
function cleanInvalid(cells: readonly CompletedCell[]): number {
  const attacked = cells.find((cell) => cell.plan.kind !== 'corruption');
  // Under an attack, what is not correct on the clean input is either wrong (w) or such an example.
  if (attacked !== undefined)
    return attacked.n - attacked.clean.correct - countOutcome(attacked.outcomes, 'w');
  const everywhere = Array.from(cells[0]!.outcomes).filter((_letter, i) =>
    cells.every((cell) => cell.outcomes[i] === 'i'),
  );
  return everywhere.length;
}

function attackValue(cell: CompletedCell): CompletedValue {
  const value = { status: 'completed', ...measured(cell.robust.correct, cell.n, cell.invalid) } as const;
  if (cell.plan.kind === 'curve') return { ...value, curve: curvePoints(cell) };
  const minimum = cell.plan.kind === 'attack' && cell.plan.stages[0].threat.kind === 'minimum';
  return minimum ? { ...value, medianDistance: medianDistance(cell) } : value;
}

function curvePoints(cell: CompletedCell): NonNullable<CompletedValue['curve']> {
  return cell.stages.map(({ threat, outcomes, robust }) => ({
    epsilon: threat.kind === 'lp' ? threat.epsilon : 0,
    ...measured(robust, cell.n, countOutcome(outcomes, 'i')),
  }));
}

function corruptionValue(cells: readonly CompletedCell[]): CompletedValue {
  const severities = cells.map((cell) => ({
    severity: cell.plan.kind === 'corruption' ? cell.plan.severity : 0,
    ...measured(cell.robust.correct, cell.n, cell.invalid),
    ...meanConfidence([cell]),
  }));
  const total = (pick: (value: Measured) => number) =>
    severities.reduce((sum, value) => sum + pick(value), 0);
  const [correct, n] = [total((value) => value.correct), total((value) => value.n)];
  const invalid = total((value) => value.invalid);
  const single = cells.length === 1;
  const interval = single ? wilsonInterval(correct, n) : clusteredInterval(cells);
  return { status: 'completed', ...measured(correct, n, invalid), interval, severities };
}

/** Confidence and calibration error as means over cells; nothing where a cell does not say. */
export function meanConfidence(
  cells: readonly CompletedCell[],
): { confidence: number; calibrationError: number } | Record<string, never> {
  let [confidence, calibrationError] = [0, 0];
  for (const { calibration } of cells) {
    if (calibration === undefined) return {};
    confidence += calibration.confidence;
    calibrationError += calibration.error;
  }
  const n = cells.length;
  return { confidence: confidence / n, calibrationError: calibrationError / n };
}

function measured(correct: number, n: number, invalid: number): Measured {
  return { correct, n, accuracy: n === 0 ? 0 : correct / n, interval: wilsonInterval(correct, n), invalid };
}

/** Examples without an adversarial example count as infinitely far; null when the median is one of them. */
function medianDistance({ distances, outcomes, n }: CompletedCell): number | null {
  const sorted = distances
    .map((d, i) => (outcomes[i] === 'r' || d === null ? Infinity : d))
    .sort((a, b) => a - b);
  if (n === 0) return null;
  const middle = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.ceil((n - 1) / 2)]!) / 2;
  return Number.isFinite(middle) ? middle : null;
}
