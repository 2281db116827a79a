import type { Classifier } from '../../src/classifier/classifier.js';
import { exampleSize, type LabelledBatch } from '../../src/tensor/batch.js';

/** The bytes of each example's logits (of a forward and of a gradient pass), cross-entropy and input gradient, in hexadecimal. */
export async function bitsByExample(classifier: Classifier, batch: LabelledBatch): Promise<string[]> {
  const forward = await classifier.logits(batch);
  const { logits, loss, gradient } = await classifier.lossGradient(batch, {
    labels: batch.labels,
    loss: 'ce',
  });
  const parts = [
    [forward, classifier.numClasses],
    [logits, classifier.numClasses],
    [loss, 1],
    [gradient, exampleSize(batch)],
  ] as const;
  return batch.keys.map((_key, row) =>
    parts.map(([values, width]) => hexOf(values, row * width, width)).join(' '),
  );
}

function hexOf(values: Float32Array, from: number, count: number): string {
  const { buffer, byteOffset } = values.subarray(from, from + count);
  return Buffer.from(buffer, byteOffset, 4 * count).toString('hex');
}
