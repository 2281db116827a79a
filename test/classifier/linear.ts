import { argmax, type Classifier } from '../../src/classifier/classifier.js';
import { GauntletError } from '../../src/errors.js';
import { sliceRow, type Batch } from '../../src/tensor/batch.js';

const WEIGHTS = [
  [1, -1],
  [0.5, 2],
  [-2, 0.25],
] as const;

/** z = W x on two inputs and three classes, in plain arithmetic; its only loss is z_0 - z_label. */
export function linearClassifier(): Classifier {
  const rows = <T>(batch: Batch, of: (x: Float32Array) => T): T[] =>
    batch.keys.map((_key, row) => of(sliceRow(batch.data, row, 2)));
  const scores = (x: Float32Array): number[] => WEIGHTS.map(([a, b]) => a * x[0]! + b * x[1]!);
  const logits = (batch: Batch): Float32Array => Float32Array.from(rows(batch, scores).flat());
  const pullBack = (batch: Batch, cotangent: (row: number, k: number) => number): Float32Array =>
    Float32Array.from(
      batch.keys.flatMap((_key, row) =>
        [0, 1].map((j) => WEIGHTS.reduce((sum, weights, k) => sum + cotangent(row, k) * weights[j]!, 0)),
      ),
    );
  return {
    input: { shape: [2], layout: 'flat', bounds: [0, 1] },
    numClasses: WEIGHTS.length,
    stochastic: false,
    predict: (batch) =>
      Promise.resolve(Int32Array.from(rows(batch, (x) => argmax(Float32Array.from(scores(x)))))),
    logits: (batch) => Promise.resolve(logits(batch)),
    features: (batch) => Promise.resolve(batch.data.slice()),
    vjp: (batch, cotangent) =>
      Promise.resolve({
        logits: logits(batch),
        gradient: pullBack(batch, (row, k) => cotangent[3 * row + k]!),
      }),
    lossGradient: (batch, { labels, loss }) => {
      if (loss !== 'margin') return Promise.reject(new GauntletError('UNKNOWN_LOSS', loss));
      const values = rows(batch, scores).map((z, row) => z[0]! - z[labels[row]!]!);
      const gradient = pullBack(batch, (row, k) => (k === 0 ? 1 : 0) - (k === labels[row] ? 1 : 0));
      return Promise.resolve({ logits: logits(batch), loss: Float32Array.from(values), gradient });
    },
  };
}
