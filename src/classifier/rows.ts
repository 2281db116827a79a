import { GauntletError } from '../errors.js';
import type { Batch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';
import type { InputSpec } from './classifier.js';

/**
 * Checks that a batch can be read as the model's input: the same shape but for axes of length 1, or one of the two flat.
 * A mere permutation of axes (channels first for a channels-last model) has the same element count and is refused.
 * @throws GauntletError INPUT_SHAPE.
 */
export function requireFit(batch: Batch, input: InputSpec): void {
  const [received, taken] = [squeezed(batch.shape), squeezed(input.shape)];
  const sameOrder = received.length < 2 || taken.length < 2 || received.join() === taken.join();
  if (sameOrder && elementCount(received) === elementCount(taken)) return;
  throw new GauntletError(
    'INPUT_SHAPE',
    `the examples have shape [${batch.shape.join(', ')}], the model takes [${input.shape.join(', ')}] (${input.layout})`,
  );
}

const squeezed = (shape: readonly number[]): number[] => shape.filter((dim) => dim !== 1);

/**
 * One row per example with a one at its class.
 * @throws GauntletError DATA_MISMATCH when there are not `count` classes, or one is out of range.
 */
export function oneHot(classes: Int32Array, count: number, numClasses: number): Float32Array {
  if (classes.length !== count) {
    throw new GauntletError('DATA_MISMATCH', `${count} examples came with ${classes.length} labels`);
  }
  const out = new Float32Array(count * numClasses);
  classes.forEach((label, row) => {
    if (label < 0 || label >= numClasses) {
      throw new GauntletError(
        'DATA_MISMATCH',
        `class ${label} (row ${row}) is not among the model's ${numClasses}`,
      );
    }
    out[row * numClasses + label] = 1;
  });
  return out;
}
