import { GauntletError } from '../errors.js';
import type { Batch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';
import type { InputSpec } from './classifier.js';

/**
 * Checks that a batch can be read as the model's input: the same shape but for axes of length 1, or one of the two flat.
 * A mere permutation of axes (channels first for a channels-last model) has the same element count and is refused.
 * @param feeds everything handed over row by row; each must hold whole rows.
 * @throws GauntletError INPUT_SHAPE.
 */
export function requireFit(
  batch: Batch,
  input: InputSpec,
  feeds: Readonly<Record<string, Float32Array>>,
): void {
  const [received, taken] = [batch.shape, input.shape].map((shape) => shape.filter((dim) => dim !== 1)) as [
    number[],
    number[],
  ];
  const sameCount = elementCount(received) === elementCount(taken);
  const sameOrder = received.length < 2 || taken.length < 2 || received.join() === taken.join();
  if (!sameCount || !sameOrder) {
    throw new GauntletError(
      'INPUT_SHAPE',
      `the examples have shape [${batch.shape.join(', ')}], the model takes [${input.shape.join(', ')}] (${input.layout})`,
    );
  }
  const count = batch.keys.length;
  if (batch.data.length !== count * elementCount(input.shape)) {
    throw new GauntletError(
      'INPUT_SHAPE',
      `${count} examples of [${batch.shape.join(', ')}] need ${count * elementCount(input.shape)} values, received ${batch.data.length}`,
    );
  }
  for (const [name, data] of Object.entries(feeds)) {
    if (count > 0 && (data.length === 0 || data.length % count !== 0)) {
      throw new GauntletError('INPUT_SHAPE', `"${name}" has ${data.length} values for ${count} examples`);
    }
  }
}

/**
 * One row per example with a one at its class.
 * @throws GauntletError DATA_MISMATCH when there are not as many classes as examples, or one is out of range.
 */
export function oneHot(classes: Int32Array, batch: Batch, numClasses: number): Float32Array {
  if (classes.length !== batch.keys.length) {
    throw new GauntletError(
      'DATA_MISMATCH',
      `${batch.keys.length} examples came with ${classes.length} labels`,
    );
  }
  const out = new Float32Array(classes.length * numClasses);
  classes.forEach((label, row) => {
    if (label < 0 || label >= numClasses) {
      throw new GauntletError(
        'DATA_MISMATCH',
        `class ${label} of example ${batch.keys[row]!} is not among the model's ${numClasses}`,
      );
    }
    out[row * numClasses + label] = 1;
  });
  return out;
}
