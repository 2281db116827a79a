import type { Node } from '../../src/graph/ir.js';

/** A tensor of the reference interpreter: everything, integers and booleans (0/1) included, is a float64. */
export interface RefTensor {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

/** The meaning of one operator: inputs (undefined where an optional one is absent) to outputs. */
export type Operator = (inputs: readonly (RefTensor | undefined)[], node: Node) => RefTensor[];

export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

/** Row-major strides. */
export function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
}

/** The multi-index of element `flat` of a row-major tensor. */
export function indexOf(flat: number, dims: readonly number[]): number[] {
  return stridesOf(dims).map((stride, axis) => Math.floor(flat / stride) % dims[axis]!);
}

/** The position of a multi-index in a row-major tensor. */
export function flatOf(index: readonly number[], dims: readonly number[]): number {
  return stridesOf(dims).reduce((sum, stride, axis) => sum + stride * index[axis]!, 0);
}

/** A tensor from a function of the multi-index. */
export function tensorFrom(dims: readonly number[], valueAt: (index: number[]) => number): RefTensor {
  return { dims, data: Float64Array.from({ length: sizeOf(dims) }, (_, i) => valueAt(indexOf(i, dims))) };
}

export const at = (tensor: RefTensor, index: readonly number[]): number =>
  tensor.data[flatOf(index, tensor.dims)]!;

/** An input that must be there. */
export function required(inputs: readonly (RefTensor | undefined)[], index: number): RefTensor {
  const input = inputs[index];
  if (input === undefined) throw new Error(`input ${index} is missing`);
  return input;
}

/** A number attribute, int or float. */
export function numberOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes[name];
  return attribute?.type === 'int' || attribute?.type === 'float' ? attribute.value : fallback;
}

/** A list-of-integers attribute. */
export function listOf(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.type === 'ints' ? attribute.value : undefined;
}

/** A string attribute. */
export function textOf(node: Node, name: string, fallback: string): string {
  const attribute = node.attributes[name];
  return attribute?.type === 'string' ? attribute.value : fallback;
}

/** An axis counted from the front. */
export const positiveAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
