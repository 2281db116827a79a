import { expect } from '@jest/globals';
import { createClassifier, type EngineClassifier } from '../../../src/classifier/engine-classifier.js';
import type { Engine } from '../../../src/engine/engine.js';
import { prune } from '../../../src/graph/passes/prune.js';
import type { LoadedModel } from '../../../src/models/load.js';
import { exampleSize, sliceRow, type Batch, type LabelledBatch } from '../../../src/tensor/batch.js';
import { floatTensor, type FloatTensor } from '../../../src/tensor/tensor.js';
import { engine as native } from '../../classifier/loaded.js';
import { evaluateReference } from '../../reference/evaluate.js';
import { distanceToKinks } from '../../reference-tfjs/kinks.js';

/** How far apart two engines are on one image. */
export interface Difference {
  readonly key: number;
  /** Of a logit, relative to the largest one, or to 1. */
  readonly logits: number;
  /** L2 norm, relative to that of the gradient. */
  readonly gradient: number;
  /** How far apart rounding alone may put gradients. */
  readonly rounding: number;
}

/** Logits, and gradients of a loss, image by image on both engines. */
export async function differences(
  model: LoadedModel,
  second: Engine,
  batch: LabelledBatch,
  loss: string,
): Promise<Difference[]> {
  const on = async (engine: Engine) => {
    const classifier: EngineClassifier = await createClassifier(model, engine, {
      threads: 1,
      structure: native,
    });
    try {
      return await classifier.lossGradient(batch, { labels: batch.labels, loss });
    } finally {
      await classifier.dispose();
    }
  };
  const [ours, theirs] = [await on(native), await on(second)];
  const size = exampleSize(batch);
  return batch.keys.map((key, row) => {
    const part = (from: typeof ours, field: 'logits' | 'gradient') =>
      sliceRow(from[field], row, field === 'logits' ? model.numClasses : size);
    const off = (field: 'logits' | 'gradient') =>
      part(ours, field).map((value, i) => value - part(theirs, field)[i]!);
    const largest = Math.max(1, ...part(ours, 'logits').map(Math.abs));
    const norm = Math.hypot(...part(ours, 'gradient'));
    return {
      key,
      logits: Math.max(...off('logits').map(Math.abs)) / largest,
      // Where both are zero, as they are of a saturated loss, there is no scale.
      gradient: Math.hypot(...off('gradient')) / (norm || 1),
      rounding: loss === 'ce' ? UNIT / doubt(part(ours, 'logits'), batch.labels[row]!) : 0,
    };
  });
}

/** A few units in the last place of a probability near one. */
const UNIT = 2 ** -22;

/**
 * How much of the probability is not the label's. The gradient of the cross-entropy is that of the probabilities less the label's one:
 * the smaller the rest, the more of its digits are lost.
 */
function doubt(logits: Float32Array, label: number): number {
  const others = logits.reduce(
    (sum, logit, k) => (k === label ? sum : sum + Math.exp(logit - logits[label]!)),
    0,
  );
  return others / (1 + others);
}

/** Kinks this near, relative to the largest value beside them, are within the rounding of float32 over a few layers. */
const ROUNDING = 1e-5;

/**
 * Holds two engines to 1e-5 on logits and 1e-4 on gradients, per image, or to what is left of a saturated gradient's digits. A gradient that is further off is forgiven where the float64
 * interpreter sees a unit at a kink, or two elements of a pool all but equal: rounding may then put the engines on either side.
 */
export function expectSame(model: LoadedModel, batch: Batch, found: readonly Difference[]): void {
  for (const { key, logits } of found) expect({ key, logits: logits < 1e-5 }).toEqual({ key, logits: true });
  const apart = found.filter(({ gradient, rounding }) => !(gradient < Math.max(1e-4, rounding)));
  if (apart.length === 0) return;
  const kinks = kinksInDouble(model, batch);
  for (const { key, gradient } of apart) {
    const kink = kinks[batch.keys.indexOf(key)]!;
    expect({ key, gradient, kink, atKink: kink < ROUNDING }).toMatchObject({ atKink: true });
  }
}

function kinksInDouble({ graph, logits, input }: LoadedModel, { keys, data }: Batch): Float64Array {
  const dims = [keys.length, ...input.shape];
  const pruned = prune(graph, [logits]);
  const feeds = { [pruned.inputs[0]!.name]: { dims, data: Float64Array.from(data) } };
  const values = [...evaluateReference(pruned, feeds)].map(([name, value]): [string, FloatTensor] => [
    name,
    // Gaps are looked for in float64: what they are relative to is all that may be rounded.
    { ...floatTensor(new Float32Array(), value.dims), data: value.data as unknown as Float32Array },
  ]);
  return distanceToKinks(pruned, new Map(values), keys.length);
}
