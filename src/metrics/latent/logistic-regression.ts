import { lbfgs, type Objective } from './lbfgs.js';

/** Examples with a class each. */
export interface LabelledFeatures {
  /** n x width, row-major. */
  readonly x: Float64Array;
  readonly width: number;
  readonly labels: Int32Array;
  readonly numClasses: number;
}

/** Logits = weights x + bias. */
export interface LogisticRegression {
  /** numClasses x (width + 1), row-major; the last column is the bias. */
  readonly weights: Float64Array;
  readonly width: number;
  readonly numClasses: number;
  readonly iterations: number;
  /** Whether the gradient became small enough; otherwise the iterations ran out. */
  readonly converged: boolean;
}

/** The fit ends when no component of the gradient of the mean loss exceeds this, or after so many iterations. */
const TOLERANCE = 1e-4;
const ITERATIONS = 500;

const { exp, log } = Math;

/**
 * Multinomial logistic regression: the minimum of the mean cross-entropy + (l2 / 2) |W|^2, the bias free of the penalty, by
 * L-BFGS in float64 until no component of the gradient exceeds 1e-4 (500 iterations at most).
 * @param l2 above 0: without it separable data have no minimum
 * @param start weights to start from, zeros by default; the minimum is the same
 * @param tolerance another bound of the gradient
 */
export function fitLogistic(
  data: LabelledFeatures,
  l2: number,
  start?: Float64Array,
  tolerance = TOLERANCE,
): LogisticRegression {
  const { width, numClasses } = data;
  const begin = start ?? new Float64Array(numClasses * (width + 1));
  const { at, iterations, converged } = lbfgs(objectiveOf(data, l2), begin, {
    tolerance,
    iterations: ITERATIONS,
  });
  return { weights: at, width, numClasses, iterations, converged };
}

/** Most probable class of each row; ties to the lowest. */
export function predictLogistic(
  { weights, width, numClasses }: LogisticRegression,
  { x, labels }: Pick<LabelledFeatures, 'x' | 'labels'>,
): Int32Array {
  const logits = new Float64Array(numClasses);
  return labels.map((_label, row) => {
    writeLogits(weights, x, row, width, logits);
    let best = 0;
    for (let k = 1; k < numClasses; k++) if (logits[k]! > logits[best]!) best = k;
    return best;
  });
}

/** The loss and its gradient. */
export function objectiveOf({ x, width, labels, numClasses }: LabelledFeatures, l2: number): Objective {
  const [n, columns] = [labels.length, width + 1];
  const logits = new Float64Array(numClasses);
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < n; row++) {
      writeLogits(weights, x, row, width, logits);
      let largest = -Infinity;
      for (let k = 0; k < numClasses; k++) if (logits[k]! > largest) largest = logits[k]!;
      const label = labels[row]!;
      loss += largest - logits[label]!;
      let total = 0;
      for (let k = 0; k < numClasses; k++) total += logits[k] = exp(logits[k]! - largest);
      loss += log(total);
      const from = row * width;
      for (let k = 0; k < numClasses; k++) {
        const error = (logits[k]! / total - (k === label ? 1 : 0)) / n;
        const at = k * columns;
        for (let j = 0; j < width; j++) gradient[at + j]! += error * x[from + j]!;
        gradient[at + width]! += error;
      }
    }
    let squares = 0;
    for (let k = 0; k < numClasses; k++) {
      for (let j = 0; j < width; j++) {
        const weight = weights[k * columns + j]!;
        squares += weight * weight;
        gradient[k * columns + j]! += l2 * weight;
      }
    }
    return loss / n + (l2 / 2) * squares;
  };
}

function writeLogits(
  weights: Float64Array,
  x: Float64Array,
  row: number,
  width: number,
  logits: Float64Array,
): void {
  for (let k = 0; k < logits.length; k++) {
    const at = k * (width + 1);
    let sum = weights[at + width]!;
    for (let j = 0; j < width; j++) sum += weights[at + j]! * x[row * width + j]!;
    logits[k] = sum;
  }
}
