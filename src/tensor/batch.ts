import { elementCount } from './tensor.js';

/**
 * Examples side by side, in one layout.
 *
 * `keys[i]` is the example's index in its data set. It identifies the example wherever it travels: random
 * streams and pass counts are keyed by it, so a result cannot depend on the batch an example happened to be in.
 */
export interface Batch {
  /** Shape of one example, without the batch axis. */
  readonly shape: readonly number[];
  /** `keys.length * elementCount(shape)` values, row-major. */
  readonly data: Float32Array;
  readonly keys: readonly number[];
}

/** A Batch with the true label of each example. */
export interface LabelledBatch extends Batch {
  readonly labels: Int32Array;
}

/** Number of values in one example. */
export function exampleSize(batch: Batch): number {
  return elementCount(batch.shape);
}

/** View (no copy) of example `row`'s values. */
export function rowOf(batch: Batch, row: number): Float32Array {
  return sliceRow(batch.data, row, exampleSize(batch));
}

/** View (no copy) of row `row` of a matrix stored row-major with `size` columns. */
export function sliceRow(data: Float32Array, row: number, size: number): Float32Array {
  return data.subarray(row * size, (row + 1) * size);
}

/** Copies the given rows of a row-major matrix with `size` columns into a dense one. */
export function takeRows(data: Float32Array, rows: readonly number[], size: number): Float32Array {
  const out = new Float32Array(rows.length * size);
  rows.forEach((row, i) => out.set(sliceRow(data, row, size), i * size));
  return out;
}

/** Dense copy of the given rows, labels and keys included. */
export function takeExamples<B extends Batch>(batch: B, rows: readonly number[]): B {
  const taken = {
    ...batch,
    data: takeRows(batch.data, rows, exampleSize(batch)),
    keys: rows.map((row) => batch.keys[row]!),
  };
  const { labels } = batch as Partial<LabelledBatch>;
  return labels === undefined ? taken : { ...taken, labels: Int32Array.from(rows, (row) => labels[row]!) };
}

/** The same examples with other values (an attack's next iterate, say). */
export function withData<B extends Batch>(batch: B, data: Float32Array): B {
  return { ...batch, data };
}
