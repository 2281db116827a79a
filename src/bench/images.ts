import type { Classifier } from '../classifier/classifier.js';
import { keyedStream } from '../random/keyed.js';
import type { LabelledBatch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';

/** Random images in [0, 1], labelled as the classifier sees them, so that an attack works on all of them. */
export async function labelledImages(classifier: Classifier, count: number): Promise<LabelledBatch> {
  const { shape } = classifier.input;
  const data = keyedStream(0, 0, 'bench/images').fillUniform(new Float32Array(count * elementCount(shape)));
  const batch = { shape, data, keys: Array.from({ length: count }, (_value, i) => i) };
  return { ...batch, labels: await classifier.predict(batch) };
}
