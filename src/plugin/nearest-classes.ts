import type { Classifier } from '../classifier/classifier.js';
import { allFinite } from '../tensor/finite.js';
import { distanceToBoundary } from '../tensor/boundary-step.js';
import { exampleSize, rowOf, sliceRow, type LabelledBatch } from '../tensor/batch.js';
import type { ConvexNorm } from '../tensor/norms.js';
import { wrongClassesByScore } from './ranking.js';
import type { Box } from './region.js';

/**
 * The wrong classes of each example, those first whose boundary is the nearest when the classifier is made linear at the
 * example: exact on linear classifiers, and the first step of DeepFool. Spends a forward pass, and a gradient for each class
 * it compares; nothing where there is nothing to choose.
 * @param compared how many are compared, those with the largest logits; the others come after them.
 * @param wallsAt the box of each row.
 */
export async function nearestClasses(
  classifier: Classifier,
  batch: LabelledBatch,
  norm: ConvexNorm,
  compared: number,
  wallsAt: (row: number) => Box,
): Promise<number[][]> {
  const { numClasses } = classifier;
  if (numClasses === 2) return Array.from(batch.labels, (label) => [1 - label]);
  const size = exampleSize(batch);
  const logits = await classifier.logits(batch);
  const ranking = Array.from(batch.labels, (label, row) =>
    wrongClassesByScore(sliceRow(logits, row, numClasses), label),
  );
  const ways = ranking.map(() => new Float64Array(numClasses).fill(Infinity));
  for (let rank = 0; rank < Math.min(compared, numClasses - 1); rank++) {
    const cotangent = new Float32Array(batch.keys.length * numClasses);
    ranking.forEach((classes, row) => {
      cotangent[row * numClasses + classes[rank]!] = 1;
      cotangent[row * numClasses + batch.labels[row]!] = -1;
    });
    const { gradient } = await classifier.vjp(batch, cotangent);
    ranking.forEach((classes, row) => {
      const normal = sliceRow(gradient, row, size);
      const value =
        logits[row * numClasses + classes[rank]!]! - logits[row * numClasses + batch.labels[row]!]!;
      if (!Number.isFinite(value) || !allFinite(normal) || !normal.some((slope) => slope !== 0)) return;
      ways[row]![classes[rank]!] = distanceToBoundary(
        norm,
        rowOf(batch, row),
        { value, normal },
        wallsAt(row),
      );
    });
  }
  // Stable: equals, and those that were not compared or are out of reach, stay in the order of their logits.
  return ranking.map((classes, row) => classes.sort((a, b) => compareWays(ways[row]![a]!, ways[row]![b]!)));
}

function compareWays(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
