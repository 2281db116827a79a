import type { Proportion } from '../../evaluate/cell.js';
import { keyedStream } from '../../random/keyed.js';
import type { Vector } from '../../tensor/norms.js';
import { proportion } from '../proportion.js';
import {
  fitLogistic,
  predictLogistic,
  type LabelledFeatures,
  type LogisticRegression,
} from './logistic-regression.js';

/** Frozen features with the classes of the data set that they are of. */
export interface ProbeSet {
  /** n x width, row-major, finite. */
  readonly z: Vector;
  readonly width: number;
  /** 0..numClasses-1. */
  readonly labels: Int32Array;
  readonly numClasses: number;
}

/** What a linear classifier on frozen features reaches. */
export interface LinearProbe {
  /** Right on the test set. */
  readonly test: Proportion;
  /** Penalty chosen, with the accuracy of each on the validation part. */
  readonly l2: number;
  readonly validation: readonly { readonly l2: number; readonly correct: number; readonly n: number }[];
  /** Examples of the last fit: all of the training set. */
  readonly fitted: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Features that are constant on the training set and were left out. */
  readonly constant: number;
}

/** Penalties to choose from, strongest first: each fit starts where the one before it ended. */
export const PENALTIES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5] as const;

/** Share of the training set that the penalty is chosen on. */
const VALIDATION = 0.2;

/**
 * Linear probe: multinomial logistic regression (see logistic-regression.ts) on standardised features. The penalty with the best
 * accuracy on a validation part of the training set, a fifth drawn with the seed, is kept, the stronger one of equals, and the
 * fit repeated on the whole training set.
 * @throws RangeError with fewer than two training examples
 */
export function linearProbe(train: ProbeSet, test: ProbeSet, seed = 0): LinearProbe {
  const n = train.labels.length;
  if (n < 2) throw new RangeError(`a probe needs two training examples at least, received ${n}`);
  const { standardise, constant } = standardiser(train);
  const order = shuffled(n, seed);
  const held = Math.max(1, Math.floor(VALIDATION * n));
  const all = standardise(train);
  const validation = rowsOf(all, order.subarray(0, held));
  const fit = rowsOf(all, order.subarray(held));

  let model: LogisticRegression | undefined;
  const tried = PENALTIES.map((l2) => {
    model = fitLogistic(fit, l2, model?.weights);
    return { l2, correct: countRight(model, validation), n: held };
  });
  const best = tried.reduce((kept, one) => (one.correct > kept.correct ? one : kept));
  const final = fitLogistic(all, best.l2, model?.weights);
  const probed = standardise(test);
  return {
    test: proportion(countRight(final, probed), probed.labels.length),
    ...{ l2: best.l2, validation: tried, fitted: n, constant },
    ...{ iterations: final.iterations, converged: final.converged },
  };
}

/** Takes features to mean 0 and variance 1 on the training set, without those that are constant there. */
function standardiser({ z, width, labels: { length: n } }: ProbeSet) {
  const kept: { readonly feature: number; readonly mean: number; readonly std: number }[] = [];
  for (let j = 0; j < width; j++) {
    let [sum, constant] = [0, true];
    for (let i = 0; i < n; i++) {
      sum += z[i * width + j]!;
      constant &&= z[i * width + j] === z[j];
    }
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (z[i * width + j]! - mean) ** 2;
    if (!constant) kept.push({ feature: j, mean, std: Math.sqrt(squares / n) });
  }
  const standardise = (set: ProbeSet): LabelledFeatures => {
    const x = new Float64Array(set.labels.length * kept.length);
    for (let i = 0; i < set.labels.length; i++) {
      for (const [at, { feature, mean, std }] of kept.entries()) {
        x[i * kept.length + at] = (set.z[i * width + feature]! - mean) / std;
      }
    }
    return { x, width: kept.length, labels: set.labels, numClasses: set.numClasses };
  };
  return { standardise, constant: width - kept.length };
}

/** 0..n-1 in an order drawn with the seed (Fisher and Yates). */
function shuffled(n: number, seed: number): Uint32Array {
  const random = keyedStream(seed, n, 'probe/validation');
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

function rowsOf({ x, width, labels, numClasses }: LabelledFeatures, rows: Uint32Array): LabelledFeatures {
  const taken = new Float64Array(rows.length * width);
  rows.forEach((row, i) => taken.set(x.subarray(row * width, (row + 1) * width), i * width));
  return { x: taken, width, labels: Int32Array.from(rows, (row) => labels[row]!), numClasses };
}

function countRight(model: LogisticRegression, data: LabelledFeatures): number {
  const predicted = predictLogistic(model, data);
  return predicted.reduce((sum, one, i) => sum + Number(one === data.labels[i]), 0);
}
