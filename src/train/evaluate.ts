import { argmax } from '../classifier/classifier.js';
import type { Dataset } from '../data/dataset.js';
import type { Session } from '../engine/engine.js';
import { sliceRow } from '../tensor/batch.js';
import { floatTensor } from '../tensor/tensor.js';
import { summariseLatent, type LatentSummary } from './latent.js';
import type { Count, Weights } from './state.js';

const BATCH_SIZE = 500;

/** A network compiled with its parameters as inputs. */
export interface Evaluator {
  readonly session: Session;
  readonly latentWidth: number;
  readonly signal: AbortSignal | undefined;
}

/** Accuracy and latent geometry of a network on some examples of a data set. */
export async function evaluateNetwork(
  { session, latentWidth, signal }: Evaluator,
  parameters: Weights,
  data: Dataset,
  indices: Uint32Array,
): Promise<{ count: Count; latent: LatentSummary }> {
  const n = indices.length;
  const z = new Float32Array(n * latentWidth);
  const labels = new Int32Array(n);
  const predictions = new Int32Array(n);
  const weights = Object.fromEntries(parameters);
  for (let start = 0; start < n; start += BATCH_SIZE) {
    signal?.throwIfAborted();
    const batch = await data.read([...indices.subarray(start, start + BATCH_SIZE)]);
    const input = floatTensor(batch.data, [batch.keys.length, ...data.shape]);
    const { logits, features } = await session.run({ ...weights, input }, ['logits', 'features']);
    z.set(features!.data as Float32Array, start * latentWidth);
    labels.set(batch.labels, start);
    for (let i = 0; i < batch.keys.length; i++)
      predictions[start + i] = argmax(sliceRow(logits!.data as Float32Array, i, data.numClasses));
  }
  const correct = labels.reduce((sum, label, i) => sum + Number(label === predictions[i]), 0);
  const { numClasses } = data;
  const latent = summariseLatent({ z, width: latentWidth, labels, predictions, numClasses });
  return { count: { correct, n }, latent };
}
