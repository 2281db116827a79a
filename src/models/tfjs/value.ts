import { elementCount } from '../../tensor/tensor.js';

/**
 * A value inside a TensorFlow.js model as the graph has it. TensorFlow.js keeps channels last and ONNX wants them first, so a value
 * remembers in which order its axes are stored, and is moved only where something needs another order.
 */
export interface Value {
  /** Name in the graph; its first axis is the batch. */
  readonly name: string;
  /** Shape of one example as TensorFlow.js has it. */
  readonly shape: readonly number[];
  /** Axes of `shape` in the order in which they are stored. */
  readonly order: readonly number[];
  /**
   * Of a vector that is stored in another order, as flattened images are: element `i` as stored is element `elements[i]` as
   * TensorFlow.js has it.
   */
  readonly elements?: Int32Array;
}

const ascending = (length: number): number[] => Array.from({ length }, (_, axis) => axis);

/** A value stored as TensorFlow.js has it. */
export const natural = (name: string, shape: readonly number[]): Value => ({
  name,
  shape,
  order: ascending(shape.length),
});

export const isNatural = ({ order, elements }: Pick<Value, 'order' | 'elements'>): boolean =>
  elements === undefined && order.every((axis, i) => axis === i);

/** The last axis first. */
export const channelsFirst = (rank: number): number[] => [rank - 1, ...ascending(rank - 1)];

/** Shape of one example as it is stored. */
export const storedShape = ({ shape, order }: Pick<Value, 'shape' | 'order'>): number[] =>
  order.map((axis) => shape[axis]!);

/** Where an axis of `shape` is stored, the batch counted. */
export const storedAxis = ({ order }: Value, axis: number): number => order.indexOf(axis) + 1;

/** Whether elements of that shape stand one after another alike in both orders: axes of length 1 may be anywhere. */
export function sameSequence(shape: readonly number[], a: readonly number[], b: readonly number[]): boolean {
  const moving = (order: readonly number[]): number[] => order.filter((axis) => shape[axis] !== 1);
  return moving(a).join() === moving(b).join();
}

export const sizeOf = ({ shape }: Value): number => elementCount(shape);

/** An axis as Keras counts it (the batch is 0, the last is -1) as one of `shape`; undefined where it is none of them. */
export function exampleAxis(axis: number, rank: number): number | undefined {
  const found = axis < 0 ? axis + rank : axis - 1;
  return found >= 0 && found < rank ? found : undefined;
}
