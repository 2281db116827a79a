import { keyedStream } from '../random/keyed.js';

/** Indices 0..length-1 in a random order that depends on the seed and the purpose alone (Fisher and Yates). */
function shuffled(length: number, seed: number, purpose: string, step: number): Uint32Array {
  const stream = keyedStream(seed, 0, purpose, 0, step);
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

/** Which examples of a training set train and which validate. */
export interface ValidationSplit {
  /** Ascending indices. */
  readonly fit: Uint32Array;
  readonly validation: Uint32Array;
}

/** Sets `validation` randomly chosen examples aside; which ones depends on the seed alone. */
export function splitValidation(length: number, validation: number, seed: number): ValidationSplit {
  const order = shuffled(length, seed, 'train/validation', 0);
  return { fit: order.slice(validation).sort(), validation: order.slice(0, validation).sort() };
}

/** The mini-batches of one epoch: every index once, in an order fixed by seed and epoch; the last may be smaller. */
export function* miniBatches(
  indices: Uint32Array,
  batchSize: number,
  seed: number,
  epoch: number,
): Generator<number[]> {
  const order = shuffled(indices.length, seed, 'train/order', epoch);
  for (let start = 0; start < order.length; start += batchSize) {
    yield Array.from(order.subarray(start, start + batchSize), (position) => indices[position]!);
  }
}
