import type { Classifier } from '../../src/classifier/classifier.js';
import type { Graph } from '../../src/graph/ir.js';
import { exampleSize, sliceRow, type Batch } from '../../src/tensor/batch.js';
import { evaluateReference, type referenceLosses } from '../reference-tfjs/executor.js';
import { distanceToKinks } from '../reference-tfjs/kinks.js';

/** How well one image's results agree with TensorFlow.js running the same weights. */
export interface Agreement {
  readonly key: number;
  /** Largest difference of a logit, relative to the largest logit where that exceeds 1. */
  readonly logits: number;
  /** Difference of the loss, relative where it exceeds 1. */
  readonly loss: number;
  /** L2 norm of the difference of the gradients over the norm of the reference's. */
  readonly gradient: number;
  /** Relative distance to the nearest kink of the network (kinks.ts). */
  readonly kink: number;
}

/**
 * Compares logits, loss and input gradient image by image.
 * @param graph the model the classifier runs; its file, not a simplified form.
 */
export async function compareWithReference(
  classifier: Classifier,
  graph: Graph,
  logitsName: string,
  batch: Batch,
  labels: Int32Array,
  loss: keyof typeof referenceLosses,
): Promise<Agreement[]> {
  const forward = await classifier.logits(batch);
  const ours = await classifier.lossGradient(batch, { labels, loss });
  const count = batch.keys.length;
  const dims = [count, ...classifier.input.shape];
  const theirs = evaluateReference(graph, logitsName, { data: batch.data, dims }, labels, loss);
  const kinks = distanceToKinks(graph, theirs.values, count);
  const size = exampleSize(batch);
  const classes = classifier.numClasses;
  return batch.keys.map((key, row) => {
    const expected = sliceRow(theirs.logits, row, classes);
    const expectedGradient = sliceRow(theirs.gradient, row, size);
    const scale = Math.max(1, ...expected.map(Math.abs));
    const logits = [forward, ours.logits].map((found) =>
      largestDifference(sliceRow(found, row, classes), expected),
    );
    return {
      key,
      logits: Math.max(...logits) / scale,
      loss: Math.abs(ours.loss[row]! - theirs.loss[row]!) / Math.max(1, Math.abs(theirs.loss[row]!)),
      gradient:
        norm(difference(sliceRow(ours.gradient, row, size), expectedGradient)) / norm(expectedGradient),
      kink: kinks[row]!,
    };
  });
}

const difference = (a: Float32Array, b: Float32Array): Float64Array =>
  Float64Array.from(a, (value, i) => value - b[i]!);
const largestDifference = (a: Float32Array, b: Float32Array): number =>
  Math.max(...difference(a, b).map(Math.abs));
const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));
