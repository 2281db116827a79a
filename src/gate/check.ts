import { GauntletError } from '../errors.js';
import type { CellResult } from '../evaluate/cell.js';
import type { Leaderboard, LeaderboardInterval, LeaderboardRow } from '../results/schema/leaderboard.js';
import type { ExpressionRule, MinimumRule, Thresholds } from '../results/schema/thresholds.js';
import { matchesGlob } from '../text/glob.js';
import { compileExpression } from './expression.js';
import { requireSameCorruptions, unlikeImages } from './like.js';
import { missingText, rowMetrics } from './metrics.js';
import { newlyFooled } from './outcomes.js';

/** Rounding of the minimum's six digits and of correct / n; one example in a million is ten times as much. */
const TOLERANCE = 1e-7;

/** Why a rule is not met. */
export type FailureReason =
  | 'below-minimum'
  | 'false-expression'
  | 'undefined-expression'
  | 'missing-model'
  | 'missing-column'
  | 'incomplete';

/** A rule that is not met, or a row that cannot be judged. */
export interface GateFailure {
  readonly reason: FailureReason;
  readonly model: string;
  /** Column id, expression, or null when the row as a whole is concerned. */
  readonly subject: string | null;
  readonly expected: string;
  readonly found: string;
  readonly interval: LeaderboardInterval | null;
  /** Data indices of examples the baseline had robust and this run has not. */
  readonly newlyFooled: readonly number[];
}

/** The gate's verdict. */
export interface GateReport {
  readonly passed: boolean;
  readonly suite: Thresholds['suite'];
  /** Number of rules, globs counted once per row. */
  readonly checked: number;
  readonly failures: readonly GateFailure[];
  /** Models of the run that no rule concerns. */
  readonly unguarded: readonly string[];
  /** What makes the comparison doubtful. */
  readonly warnings: readonly string[];
}

/**
 * Compares a run with its thresholds. What cannot be compared (a model, column or metric the run lacks, an incomplete row) fails.
 * @param cells of the run, to name newly fooled examples
 * @throws GauntletError THRESHOLDS_MISMATCH for a run of another suite, of corruptions made otherwise or normalised by another
 *   baseline, EXPRESSION_INVALID
 */
export async function checkGate(
  thresholds: Thresholds,
  leaderboard: Leaderboard,
  cells: readonly CellResult[],
): Promise<GateReport> {
  requireSameSuite(thresholds, leaderboard);
  requireSameCorruptions(thresholds, leaderboard);
  const failures = leaderboard.rows.filter((row) => !row.complete).map(incompleteRow);
  const guarded = new Set<string>();
  let checked = 0;
  for (const rule of thresholds.rules) {
    const rows = leaderboard.rows.filter((row) => concerns(rule, row));
    checked += Math.max(1, rows.length);
    rows.forEach((row) => guarded.add(row.model.id));
    if (rows.length === 0) failures.push(missingModel(rule, leaderboard));
    else if ('expression' in rule) failures.push(...(await checkExpression(rule, rows)));
    else failures.push(...rows.flatMap((row) => checkMinimum(rule, row, leaderboard, cells)));
  }
  const unguarded = leaderboard.rows.map((row) => row.model.id).filter((id) => !guarded.has(id));
  const warnings = unlikeImages(thresholds, leaderboard);
  return { passed: failures.length === 0, suite: thresholds.suite, checked, failures, unguarded, warnings };
}

function requireSameSuite({ suite, data }: Thresholds, leaderboard: Leaderboard): void {
  const run = leaderboard.suite;
  if (suite.fingerprint !== run.fingerprint) {
    const name = (one: Thresholds['suite']) =>
      `${one.id} version ${one.version} (${one.fingerprint.slice(0, 12)})`;
    throw new GauntletError(
      'THRESHOLDS_MISMATCH',
      `The thresholds are for ${name(suite)}, the run is of ${name(run)}.`,
    );
  }
  if (data !== undefined && leaderboard.data !== null && data !== leaderboard.data) {
    const message = `The thresholds are for other content of ${run.dataset.source}: SHA-256 ${data}, now ${leaderboard.data}.`;
    throw new GauntletError('THRESHOLDS_MISMATCH', message);
  }
}

function concerns(rule: Thresholds['rules'][number], row: LeaderboardRow): boolean {
  return 'expression' in rule ? matchesGlob(rule.model, row.model.id) : rule.model === row.model.id;
}

function checkMinimum(
  rule: MinimumRule,
  row: LeaderboardRow,
  { columns }: Leaderboard,
  cells: readonly CellResult[],
): GateFailure[] {
  const column = columns.find(({ id }) => id === rule.column);
  const value = row.columns[rule.column];
  const common = { model: row.model.id, subject: rule.column, expected: `>= ${share(rule.minimum)}` };
  if (column === undefined || value === undefined) {
    const found = `no such column; there are ${columns.map(({ id }) => id).join(', ')}`;
    return [{ ...common, reason: 'missing-column', found, interval: null, newlyFooled: [] }];
  }
  // The row as a whole has failed already, with its reason.
  if (value.status !== 'completed') return [];
  if (value.accuracy + TOLERANCE >= rule.minimum) return [];
  const fooled = newlyFooled(column, row.model.id, cells, rule.baseline?.outcomes ?? {});
  const found = `${share(value.accuracy)} (${value.correct} of ${value.n})`;
  return [{ ...common, reason: 'below-minimum', found, interval: value.interval, newlyFooled: fooled }];
}

async function checkExpression(
  rule: ExpressionRule,
  rows: readonly LeaderboardRow[],
): Promise<GateFailure[]> {
  const expression = await compileExpression(rule.expression);
  return rows.flatMap((row): GateFailure[] => {
    const metrics = rowMetrics(row);
    const common = {
      model: row.model.id,
      subject: rule.expression,
      expected: 'true',
      interval: null,
      newlyFooled: [],
    };
    const missing = expression.metrics.filter((name) => !Object.hasOwn(metrics, name));
    if (missing.length > 0) {
      return row.complete ? [{ ...common, reason: 'missing-column', found: missingText(row, missing) }] : [];
    }
    const truth = expression.evaluate(metrics);
    if (truth === 'true') return [];
    const found = expression.metrics.map((name) => `${name} = ${share(metrics[name]!)}`).join(', ');
    return [
      { ...common, reason: `${truth}-expression`, found: truth === 'false' ? found : `undefined: ${found}` },
    ];
  });
}

function missingModel(rule: Thresholds['rules'][number], { rows }: Leaderboard): GateFailure {
  const subject = 'expression' in rule ? rule.expression : rule.column;
  const expected = 'expression' in rule ? 'true' : `>= ${share(rule.minimum)}`;
  const found = `no such model; there are ${rows.map((row) => row.model.id).join(', ')}`;
  return {
    reason: 'missing-model',
    model: rule.model,
    subject,
    expected,
    found,
    interval: null,
    newlyFooled: [],
  };
}

function incompleteRow(row: LeaderboardRow): GateFailure {
  const found = Object.entries(row.columns)
    .flatMap(([id, value]) => (value.status === 'completed' ? [] : [`${id}: ${value.status}`]))
    .join(', ');
  const expected = 'every cell completed';
  return {
    reason: 'incomplete',
    model: row.model.id,
    subject: null,
    expected,
    found,
    interval: null,
    newlyFooled: [],
  };
}

/** Four digits at most, so that 0.8 stays 0.8. */
const share = (value: number): string => String(Number(value.toFixed(4)));
