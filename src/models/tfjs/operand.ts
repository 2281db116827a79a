import type { InferredDim } from '../../graph/ir.js';
import type { FloatTensor } from '../../tensor/tensor.js';
import type { Value } from './value.js';

/** A batch of values; its first axis is the batch, which TensorFlow counts as axis 0. */
export interface Runtime {
  readonly kind: 'runtime';
  readonly value: Value;
  /** Present between SpaceToBatchND and BatchToSpaceND, where TensorFlow writes a dilated convolution: `value` is still whole. */
  readonly blocks?: Blocks;
  /**
   * Present where TensorFlow has put the rows of all examples below one another, as it does around a matrix product along the last axis:
   * `value` still has the axes that it has for an example.
   */
  readonly rows?: true;
}

/** Whether TensorFlow has the batch as the first axis, as it is in the graph. */
export const isWhole = ({ blocks, rows }: Runtime): boolean => blocks === undefined && rows === undefined;

export interface Blocks {
  readonly size: readonly number[];
  /** Padding that the convolution is still to apply, per spatial axis. */
  readonly paddings: readonly (readonly [before: number, after: number])[];
}

/** Numbers that are in the file or follow from it. */
export interface Floats {
  readonly kind: 'floats';
  readonly name: string;
  readonly tensor: FloatTensor;
}

/** Whole numbers that are known but for multiples of the batch size: axes, shapes and what is computed from them. */
export interface Integers {
  readonly kind: 'integers';
  readonly dims: readonly number[];
  readonly values: readonly InferredDim[];
}

/** What a node of a TensorFlow graph takes and gives. */
export type Operand = Runtime | Floats | Integers;

export const runtime = (value: Value): Runtime => ({ kind: 'runtime', value });

export const integers = (
  values: readonly InferredDim[],
  dims: readonly number[] = [values.length],
): Integers => ({
  kind: 'integers',
  dims,
  values,
});
