import { argmax, type Classifier } from '../classifier/classifier.js';
import type { DataReference } from '../data/dataset.js';
import { GauntletError } from '../errors.js';
import { readExamples } from '../evaluate/inputs.js';
import type { Services } from '../evaluate/services.js';
import type { ScoredPoints } from '../metrics/latent/measure.js';
import type { MeasuredSet } from '../results/schema/latent.js';
import { sliceRow, takeRows } from '../tensor/batch.js';

/** Examples per call of the network; results do not depend on it. */
const BATCH_SIZE = 500;

/** Which images to take. */
export interface PointsRequest {
  readonly data: DataReference;
  /** The first so many, all by default. */
  readonly examples?: number;
  /** Classes the labels are of: those of the model (`model`), or of the data, whatever the model was made for. */
  readonly classes: 'model' | 'data';
  readonly signal?: AbortSignal;
  /** Called with the share that is done. */
  readonly onProgress?: (share: number) => void;
}

/** Points and where they came from. */
export interface CollectedPoints {
  readonly points: ScoredPoints;
  /** Classes of the labels. */
  readonly labelClasses: number;
  readonly set: MeasuredSet;
}

/**
 * Features and logits of the first examples of a data set. Examples whose logits or features are not finite are left out and
 * counted.
 * @throws GauntletError NO_FEATURES, INDEX_RANGE, DATA_MISMATCH (a label beyond the classes, or nothing is left), INPUT_SHAPE
 * and those of opening data
 */
export async function collectPoints(
  services: Services,
  classifier: Classifier,
  { data, examples, classes, signal, onProgress }: PointsRequest,
): Promise<CollectedPoints> {
  const dataset = await services.dataset({ ...data, fingerprint: '', indices: [] });
  const n = examples ?? dataset.length;
  if (n > dataset.length) {
    throw new GauntletError(
      'INDEX_RANGE',
      `${n} examples were asked for, ${data.source} (${data.split}) has ${dataset.length}`,
    );
  }
  const labelClasses = classes === 'model' ? classifier.numClasses : dataset.numClasses;
  const parts: { z: Float32Array; logits: Float32Array; labels: Int32Array; predictions: Int32Array }[] = [];
  let [width, invalid] = [0, 0];
  for (let from = 0; from < n; from += BATCH_SIZE) {
    signal?.throwIfAborted();
    const indices = Array.from({ length: Math.min(BATCH_SIZE, n - from) }, (_, i) => from + i);
    const reference = { ...data, fingerprint: '', indices };
    const batch = await readExamples(services, reference, indices, classifier);
    requireLabels(batch.labels, labelClasses, data);
    const [features, logits] = [await classifier.features(batch), await classifier.logits(batch)];
    width = features.length / indices.length;
    const predicted = indices.map((_index, row) => argmax(sliceRow(logits, row, classifier.numClasses)));
    const kept = [...indices.keys()].filter(
      (row) => predicted[row] !== -1 && sliceRow(features, row, width).every(Number.isFinite),
    );
    invalid += indices.length - kept.length;
    parts.push({
      z: takeRows(features, kept, width),
      logits: takeRows(logits, kept, classifier.numClasses),
      labels: Int32Array.from(kept, (row) => batch.labels[row]!),
      predictions: Int32Array.from(kept, (row) => predicted[row]!),
    });
    onProgress?.((from + indices.length) / n);
  }
  if (invalid === n) {
    throw new GauntletError(
      'DATA_MISMATCH',
      `no example of ${data.source} (${data.split}) has finite logits and features (${n} taken)`,
    );
  }
  return {
    points: {
      z: joined(
        parts.map(({ z }) => z),
        Float32Array,
      ),
      logits: joined(
        parts.map(({ logits }) => logits),
        Float32Array,
      ),
      labels: joined(
        parts.map(({ labels }) => labels),
        Int32Array,
      ),
      predictions: joined(
        parts.map(({ predictions }) => predictions),
        Int32Array,
      ),
      ...{ width, numClasses: classifier.numClasses },
    },
    labelClasses,
    set: { source: data.source, split: data.split, fingerprint: dataset.fingerprint, n, invalid },
  };
}

function requireLabels(labels: Int32Array, numClasses: number, { source, split }: DataReference): void {
  const beyond = labels.find((label) => label < 0 || label >= numClasses);
  if (beyond === undefined) return;
  throw new GauntletError(
    'DATA_MISMATCH',
    `${source} (${split}) has an example of class ${beyond}, the model has ${numClasses} classes`,
  );
}

function joined<T extends Float32Array | Int32Array>(
  parts: readonly T[],
  type: new (length: number) => T,
): T {
  const out = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
