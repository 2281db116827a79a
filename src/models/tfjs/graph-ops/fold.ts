import type { InferredDim } from '../../../graph/ir.js';
import { elementCount, floatTensor } from '../../../tensor/tensor.js';
import { broadcast, shapesOf } from '../align.js';
import { integers, type Floats, type Integers, type Operand } from '../operand.js';
import type { Operation } from './operation.js';

/** What is done to two numbers. */
export interface Fold {
  readonly fold: (a: number, b: number) => number;
  /** Whether it is their product. */
  readonly isProduct?: boolean;
}

/** The result of an operation on two constants. */
export function folded(operation: Operation, a: Floats | Integers, b: Floats | Integers, by: Fold): Operand {
  const [left, right] = [dimsOf(a), dimsOf(b)];
  const rank = Math.max(left.length, right.length);
  const shapes = [left, right].map((dims) => [...new Array<number>(rank - dims.length).fill(1), ...dims]);
  const dims = broadcast(shapes);
  if (dims === undefined) return operation.unsupported(`cannot combine ${shapesOf([left, right])}`);
  const [p, q] = shapes.map((shape) => placesIn(shape, dims)) as [Int32Array, Int32Array];
  if (a.kind === 'floats' && b.kind === 'floats') {
    const data = Float32Array.from(p, (place, i) => by.fold(a.tensor.data[place]!, b.tensor.data[q[i]!]!));
    return { kind: 'floats', name: operation.name, tensor: floatTensor(data, dims) };
  }
  if (a.kind === 'floats' || b.kind === 'floats') return operation.unsupported('its inputs differ in type');
  const values = Array.from(p, (place, i) => foldSizes(operation, a.values[place]!, b.values[q[i]!]!, by));
  return integers(values, dims);
}

const dimsOf = (operand: Floats | Integers): readonly number[] =>
  operand.kind === 'floats' ? operand.tensor.dims : operand.dims;

/** For every element of the shape `dims`, its place in one of the broadcast `shape`. */
function placesIn(shape: readonly number[], dims: readonly number[]): Int32Array {
  const places = new Int32Array(elementCount(dims));
  for (let i = 0; i < places.length; i++) {
    let [rest, stride] = [i, 1];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      if (shape[axis] !== 1) places[i]! += (rest % dims[axis]!) * stride;
      rest = Math.floor(rest / dims[axis]!);
      stride *= shape[axis]!;
    }
  }
  return places;
}

/** A multiple of the batch size may be multiplied, and nothing else: what it is, is not known. */
export function foldSizes(
  operation: Operation,
  a: InferredDim,
  b: InferredDim,
  { fold, isProduct }: Fold,
): InferredDim {
  if (typeof a === 'number' && typeof b === 'number') return fold(a, b);
  const [multiple, factor] = typeof a === 'object' ? [a, b] : [b, a];
  if (isProduct === true && typeof multiple === 'object' && typeof factor === 'number')
    return { batch: multiple.batch * factor };
  return operation.unsupported('it computes with the size of the batch');
}
