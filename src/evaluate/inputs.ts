import type { Classifier, InputSpec } from '../classifier/classifier.js';
import { UNLABELLED } from '../data/dataset.js';
import { toModelLayout } from '../data/layout.js';
import { keyedStream } from '../random/keyed.js';
import type { Goal, GoalSpec, Threat, ThreatSpec } from '../plugin/threat.js';
import { readBoxes } from '../data/boxes.js';
import { exampleSize, takeRows, withData, type LabelledBatch } from '../tensor/batch.js';
import type { CellSpec } from './cell.js';
import type { Services } from './services.js';

/** Reads examples by data index, in the model's own layout and bounds. */
export async function readExamples(
  services: Services,
  data: CellSpec['data'],
  indices: readonly number[],
  classifier: Classifier,
): Promise<LabelledBatch> {
  const dataset = await services.dataset(data);
  const examples = await dataset.read(indices);
  if (dataset.units !== 'model') return toModelInput(examples, classifier.input);
  return labelled(toModelLayout(examples, { ...classifier.input, layout: 'flat' }), classifier);
}

/** Examples without a label get the class the model sees in them. */
async function labelled(batch: LabelledBatch, classifier: Classifier): Promise<LabelledBatch> {
  if (!batch.labels.includes(UNLABELLED)) return batch;
  const predicted = await classifier.predict(batch);
  return {
    ...batch,
    labels: batch.labels.map((label, row) => (label === UNLABELLED ? predicted[row]! : label)),
  };
}

/** Images in [0, 1], channels first, as the model takes them: its layout, stretched to its bounds. */
export function toModelInput(images: LabelledBatch, input: InputSpec): LabelledBatch {
  const batch = toModelLayout(images, input);
  const [lower, upper] = input.bounds;
  if (lower === 0 && upper === 1) return batch;
  return withData(
    batch,
    // Rounding to float32 must not carry a white pixel past the upper bound.
    batch.data.map((value) => Math.min(lower + value * (upper - lower), upper)),
  );
}

/** The threat for the given rows; per-example boxes are read from their file by data index. */
export async function threatFor(spec: ThreatSpec, batch: LabelledBatch): Promise<Threat> {
  if (spec.kind !== 'box') return spec;
  const boxes = await readBoxes(spec.file, exampleSize(batch));
  const rows = boxes.rowsFor(batch.keys);
  return {
    kind: 'box',
    lower: takeRows(boxes.lower, rows, exampleSize(batch)),
    upper: takeRows(boxes.upper, rows, exampleSize(batch)),
  };
}

/** The goal for the given rows; `random` targets are keyed by example, so they do not depend on the batch. */
export function goalFor(spec: GoalSpec, batch: LabelledBatch, numClasses: number, seed: number): Goal {
  if (spec.kind === 'untargeted') return spec;
  const { target } = spec;
  return {
    kind: 'targeted',
    targets: Int32Array.from(batch.labels, (label, row) => {
      if (target === 'next') return (label + 1) % numClasses;
      if (typeof target === 'number') return target;
      const offset = 1 + keyedStream(seed, batch.keys[row]!, 'target').integer(numClasses - 1);
      return (label + offset) % numClasses;
    }),
  };
}
