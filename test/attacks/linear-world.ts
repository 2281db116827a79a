import type { Classifier, InputSpec } from '../../src/classifier/classifier.js';
import {
  linearProblem,
  smallestDistance,
  type LinearProblem,
} from '../../src/plugin/contract/closed-form.js';
import { randomLinear } from '../../src/plugin/contract/classifiers.js';
import type { Norm } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import { rowOf, withData, type LabelledBatch } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { elementCount } from '../../src/tensor/tensor.js';

/** A random linear classifier, images it gets right, and the exact distance to its nearest error. */
export interface LinearWorld {
  readonly classifier: Classifier;
  readonly batch: LabelledBatch;
  /** Other images, for attacks that learn from some before they attack. */
  readonly slice: LabelledBatch;
  /** Smallest distance, in the norm, to a point of the box where some wrong class has at least the label's logit. */
  readonly optimum: (row: number, norm: Norm) => number;
  /** Share of the coordinates that the Linf optimum would push beyond the box, averaged over the examples. */
  readonly clippedShare: number;
}

export interface LinearWorldOptions {
  readonly numClasses: number;
  readonly count: number;
  readonly shape?: readonly number[];
  readonly seed?: number;
  /** `walls`: images like digits, most pixels at or near 0 or 1, so that the box matters; `middle`: it does not. */
  readonly values?: 'walls' | 'middle';
}

/** Images in a world's other slice. */
const SLICE = 24;

const drawValue: Readonly<Record<'walls' | 'middle', (place: number, value: number) => number>> = {
  walls: (place, value) => (place < 0.35 ? value * 0.02 : place < 0.7 ? 1 - value * 0.02 : value),
  middle: (_place, value) => 0.45 + 0.1 * value,
};

/** A random linear classifier and images, labelled as it sees them. */
export async function linearWorld(options: LinearWorldOptions): Promise<LinearWorld> {
  const { numClasses, count, shape = [1, 7, 5], seed = 11, values = 'walls' } = options;
  const input: InputSpec = { shape, layout: 'NCHW', bounds: [0, 1] };
  const classifier = randomLinear(seed, input, numClasses);
  const size = elementCount(shape);
  const keys = Array.from({ length: count }, (_, i) => i);
  const imagesOf = async (wanted: readonly number[]): Promise<LabelledBatch> => {
    const data = new Float32Array(wanted.length * size);
    for (const [row, key] of wanted.entries()) {
      const random = keyedStream(seed, key, 'linear-world');
      for (let i = 0; i < size; i++) {
        const [place, value] = [random.uniform(), random.uniform()];
        data[row * size + i] = drawValue[values](place, value);
      }
    }
    const images = { shape, keys: wanted, data };
    return { ...images, labels: await classifier.predict(images) };
  };
  const batch = await imagesOf(keys);

  const problemOf = (row: number, other: number): LinearProblem => {
    const { weights } = classifier.layer;
    const label = batch.labels[row]!;
    const direction = Float64Array.from(
      { length: size },
      (_, i) => weights[label * size + i]! - weights[other * size + i]!,
    );
    return linearProblem(
      direction,
      0,
      rowOf(batch, row),
      () => 0,
      () => 1,
    );
  };
  const known = new Map<string, { readonly other: number; readonly distance: number }>();
  const nearest = (row: number, norm: Norm) => {
    const name = `${norm} ${row}`;
    const found = known.get(name) ?? nearestOf(row, norm);
    known.set(name, found);
    return found;
  };
  const nearestOf = (row: number, norm: Norm) => {
    const others = [...Array(numClasses).keys()].filter((k) => k !== batch.labels[row]);
    return others
      .map((other) => ({ other, distance: smallestDistance(norm, problemOf(row, other)) }))
      .reduce((best, one) => (one.distance < best.distance ? one : best));
  };
  const clipped = keys.map((row) => {
    const { other, distance: epsilon } = nearest(row, 'linf');
    return problemOf(row, other).room.filter((room) => room < epsilon).length / size;
  });
  return {
    classifier,
    batch,
    slice: await imagesOf(Array.from({ length: SLICE }, (_, i) => 1_000_000 + i)),
    optimum: (row, norm) => nearest(row, norm).distance,
    clippedShare: clipped.reduce((sum, share) => sum + share, 0) / count,
  };
}

/** For each row, the distance of a candidate that is misclassified, and Infinity for one that is not. */
export async function distancesOf(world: LinearWorld, data: Float32Array, norm: Norm): Promise<number[]> {
  const { classifier, batch } = world;
  const predicted = await classifier.predict(withData(batch, data));
  return batch.keys.map((_key, row) =>
    predicted[row] === batch.labels[row]
      ? Infinity
      : distance(norm, rowOf(withData(batch, data), row), rowOf(batch, row)),
  );
}
