import type { CellResult, CompletedCell, Outcome, Proportion } from '../evaluate/cell.js';
import { calibrationOfBins } from '../metrics/corruption/calibration.js';
import { wilsonBounds } from '../metrics/proportion.js';

const TOLERANCE = 1e-9;

/** What is wrong with the figures of a cell that matches its schema, or null: counts, lengths and intervals must agree. */
export function inconsistency(cell: CellResult): string | null {
  if (cell.status !== 'completed') return null;
  for (const check of CHECKS) {
    const problem = check(cell);
    if (problem !== null) return problem;
  }
  return null;
}

const CHECKS: readonly ((cell: CompletedCell) => string | null)[] = [
  lengths,
  (cell) => differs('robust.correct', cell.robust.correct, countOutcome(cell.outcomes, 'r'), 'r'),
  (cell) => differs('invalid', cell.invalid, countOutcome(cell.outcomes, 'i'), 'i'),
  (cell) => proportionProblem('clean', cell.clean, cell.n),
  (cell) => proportionProblem('robust', cell.robust, cell.n),
  stageProblem,
  witnessProblem,
  repairedProblem,
  calibrationProblem,
];

/** Number of examples with an outcome. */
export function countOutcome(outcomes: string, letter: Outcome): number {
  let count = 0;
  for (const each of outcomes) if (each === letter) count += 1;
  return count;
}

function lengths(cell: CompletedCell): string | null {
  const found: Record<string, number> = {
    'data.indices': cell.data.indices.length,
    outcomes: cell.outcomes.length,
    distances: cell.distances.length,
    'passes.forward': cell.passes.forward.length,
    'passes.gradient': cell.passes.gradient.length,
  };
  const wrong = Object.entries(found).find(([, length]) => length !== cell.n);
  if (wrong !== undefined) return `${wrong[0]} has ${wrong[1]} elements, n is ${cell.n}`;
  return new Set(cell.data.indices).size === cell.n ? null : 'data.indices names an example twice';
}

function differs(name: string, found: number, counted: number, letter: Outcome): string | null {
  return found === counted ? null : `${name} is ${found}, but the outcomes have ${counted} ${letter}`;
}

function proportionProblem(name: string, { correct, n, interval }: Proportion, total: number): string | null {
  if (n !== total) return `${name}.n is ${n}, n is ${total}`;
  if (correct > n) return `${name}.correct is ${correct} of ${n}`;
  const expected = wilsonBounds(correct, n);
  const agrees =
    Math.abs(interval.lower - expected.lower) < TOLERANCE &&
    Math.abs(interval.upper - expected.upper) < TOLERANCE;
  return agrees ? null : `${name}.interval is not the Wilson interval of ${correct} of ${n}`;
}

function stageProblem({ stages, n, plan }: CompletedCell): string | null {
  const planned = plan.kind === 'corruption' ? 0 : plan.stages.length;
  if (stages.length !== planned) return `there are ${stages.length} stages, the plan has ${planned}`;
  const wrong = stages.findIndex(
    (stage) => stage.outcomes.length !== n || stage.robust !== countOutcome(stage.outcomes, 'r'),
  );
  return wrong < 0 ? null : `stages[${wrong}] has counts that do not agree with its outcomes`;
}

function witnessProblem({ witnesses, outcomes }: CompletedCell): string | null {
  const fooled = countOutcome(outcomes, 'f');
  if (witnesses === null || witnesses.count <= fooled) return null;
  return `witnesses.count is ${witnesses.count}, but only ${fooled} examples are fooled`;
}

/** An example without outcome may be right or wrong without the corruption. */
function repairedProblem({ repaired, clean, outcomes, invalid }: CompletedCell): string | null {
  if (repaired === undefined) return null;
  const least = countOutcome(outcomes, 'r') + countOutcome(outcomes, 'f') - repaired.length;
  if (clean.correct >= least && clean.correct <= least + invalid) return null;
  return `repaired has ${repaired.length} examples, which does not agree with clean.correct`;
}

function calibrationProblem({ calibration, n, invalid, robust }: CompletedCell): string | null {
  if (calibration === undefined) return null;
  const { bins, confidence, error } = calibration;
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  if (total(bins.n) !== n - invalid || total(bins.correct) !== robust.correct) {
    return 'calibration.bins do not agree with the outcomes';
  }
  const expected = calibrationOfBins(bins);
  const agrees =
    Math.abs(expected.confidence - confidence) < TOLERANCE && Math.abs(expected.error - error) < TOLERANCE;
  return agrees ? null : 'calibration.confidence or calibration.error is not that of its bins';
}
