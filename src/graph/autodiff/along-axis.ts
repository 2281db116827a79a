import { floatTensor } from '../../tensor/tensor.js';
import { int } from '../builder.js';
import type { InferredDim } from '../ir.js';
import type { RuleContext } from './rule.js';
import { axisRange, productOf, reshape } from './shaping.js';

/** A value, its shape, and the axis along which something is done to it. */
export interface Along {
  readonly value: string;
  readonly dims: readonly InferredDim[];
  readonly axis: number;
}

/**
 * Emits the product of a matrix with every line of a value along one axis: element `i` of a line of the result is the
 * sum over `j` of `matrix[i, j]` times element `j` of the value's line.
 * @param matrix a value of shape `[rows, columns]`, where `columns` is the axis' length
 * @returns the result, whose shape is that of the value with `rows` at the axis
 */
export function multiplyAlong(context: RuleContext, along: Along, matrix: string, rows: number): Along {
  const { builder } = context;
  const { value, dims, axis } = along;
  const result = dims.with(axis, rows);
  const [before, after] = [dims.slice(0, axis), dims.slice(axis + 1)];
  if (after.every((dim) => dim === 1)) {
    // The last axis in all but name: one product for all lines.
    const lines = after.length === 0 ? value : reshape(context, value, dims.slice(0, axis + 1));
    const product = builder.add('MatMul', [lines, builder.add('Transpose', [matrix])]);
    return { value: after.length === 0 ? product : reshape(context, product, result), dims: result, axis };
  }
  if (after.length === 1) return { value: builder.add('MatMul', [matrix, value]), dims: result, axis };
  const stacked = reshape(context, value, [productOf(before), dims[axis]!, productOf(after)]);
  return {
    value: reshape(context, builder.add('MatMul', [matrix, stacked]), result),
    dims: result,
    axis,
  };
}

/**
 * Emits the gradient of an operator that makes each line of its output, along one axis, of elements of the input's
 * line: every element of the input receives the sum of what its copies received.
 * @param gradient the output's gradient
 * @param sources for each element of the output's line its place in the input's, or -1 where it is a constant
 * @param size length of the input's line
 */
export function returnToSources(
  context: RuleContext,
  gradient: Along,
  sources: readonly number[],
  size: number,
): Along {
  const { dims, axis } = gradient;
  const result = dims.with(axis, size);
  const taken = sources.filter((source) => source !== -1);
  if (new Set(taken).size < taken.length) {
    return multiplyAlong(context, gradient, creditMatrix(context, sources, size), size);
  }
  const copies = new Array<number>(size).fill(-1);
  sources.forEach((source, position) => {
    if (source !== -1) copies[source] = position;
  });
  return { value: fetch(context, gradient, copies), dims: result, axis };
}

/** Emits a line whose element `i` is element `copies[i]` of the gradient's line, or 0 where that is -1. */
function fetch(context: RuleContext, gradient: Along, copies: readonly number[]): string {
  const { builder } = context;
  const { value, dims, axis } = gradient;
  const length = dims[axis] as number;
  const pad = (before: number, after: number): string => {
    const amounts = axisRange(0, 2 * dims.length).map((i) =>
      i === axis ? before : i === axis + dims.length ? after : 0,
    );
    return before === 0 && after === 0 ? value : builder.add('Pad', [value, builder.ints(amounts)]);
  };
  const first = copies.findIndex((position) => position !== -1);
  const shift = first === -1 ? length : copies[first]! - first;
  const shifted = (i: number): number => (i + shift >= 0 && i + shift < length ? i + shift : -1);
  if (copies.every((position, i) => position === shifted(i)))
    return pad(-shift, copies.length - length + shift);
  // One zero is appended, and every place that receives nothing reads it.
  const padded = copies.includes(-1) ? pad(0, 1) : value;
  const places = copies.map((position) => (position === -1 ? length : position));
  return builder.add('Gather', [padded, builder.ints(places)], { axis: int(axis) });
}

/** The matrix of 0 and 1 that says which element of the output is a copy of which of the input. */
function creditMatrix({ builder }: RuleContext, sources: readonly number[], size: number): string {
  const columns = sources.length;
  const data = new Float32Array(size * columns);
  sources.forEach((source, position) => {
    if (source !== -1) data[source * columns + position] = 1;
  });
  return builder.initializer('const_sources', floatTensor(data, [size, columns]));
}
