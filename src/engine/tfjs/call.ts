import { GauntletError } from '../../errors.js';
import type { Node } from '../../graph/ir.js';
import { tf } from './tf.js';
import type { Value } from './value.js';

/** One application of an operator to values. */
export interface Call {
  readonly node: Node;
  /** By position; undefined where an optional input is absent. */
  readonly inputs: readonly (Value | undefined)[];
  /** Tensors made once from a node's constants, when the graph was compiled; see Operator.prepare. */
  readonly prepared: readonly tf.Tensor[];
  /** How many outputs are wanted; absent ones at the end are not counted. */
  readonly outputCount: number;
}

/** An operator: what it computes, in TensorFlow.js's operations, which bring their own gradients. */
export interface Operator {
  /** The outputs in order; fewer than the node has when what is left is never read. */
  readonly run: (call: Call) => Value | readonly Value[];
  /**
   * Whether its result is constant almost everywhere, or whole numbers: TensorFlow.js is then kept from looking for a gradient,
   * which it has not, or has otherwise than by definition.
   */
  readonly flat?: true;
  /** Rearranges constant inputs once, where every run would do it again. */
  readonly prepare?: (node: Node, constants: readonly (tf.Tensor | undefined)[]) => readonly tf.Tensor[];
}

/** The tensor at an input that must be there. */
export function tensorAt({ node, inputs }: Call, index: number): tf.Tensor {
  const value = inputs[index];
  if (value !== undefined) return value.tensor;
  throw new GauntletError('MODEL_INVALID', `node "${node.name}" (${node.op}) lacks input ${index}`);
}

/** The numbers at an input that says how to compute, such as axes; undefined where it is absent. */
export function numbersAt({ inputs }: Call, index: number): number[] | undefined {
  const value = inputs[index];
  return value === undefined ? undefined : Array.from(value.tensor.dataSync());
}

/** An operator this engine has, in a use that it has not. */
export const unsupported = (node: Node, what: string): GauntletError =>
  new GauntletError(
    'ENGINE_OPERATOR',
    `TensorFlow.js cannot run operator ${node.op} (node "${node.name}"): ${what}`,
  );

/** The shape that arrays of these shapes have when they are combined element by element. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) =>
    shapes.reduce((size, shape) => {
      const own = shape[i - rank + shape.length] ?? 1;
      return size === 1 ? own : size;
    }, 1),
  );
}

/** The tensor in a shape of at least its rank, with the axes of one element repeated. */
export function broadcastTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (x.shape.join() === shape.join()) return x;
  const ones = Array.from({ length: shape.length - x.rank }, () => 1);
  return tf.broadcastTo(ones.length === 0 ? x : tf.reshape(x, [...ones, ...x.shape]), [...shape]);
}

/** The order of axes that puts one of them last and the last in its place; twice is no change. */
export function swapped(rank: number, axis: number): number[] {
  const order = Array.from({ length: rank }, (_, i) => i);
  [order[axis], order[rank - 1]] = [rank - 1, axis];
  return order;
}

/** An axis counted from the front. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/**
 * Computes without recording for gradients: what is computed is a constant to them. There is no public way to say so of several
 * tensors at once; operations inside of an operation are not recorded, and this is one.
 */
export function unrecorded<T>(compute: () => T): T {
  const { state } = tf.engine();
  state.kernelDepth++;
  try {
    return compute();
  } finally {
    state.kernelDepth--;
  }
}
