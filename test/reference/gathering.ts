import type { Node } from '../../src/graph/ir.js';
import {
  at,
  flatOf,
  indexOf,
  numberOf,
  positiveAxis,
  required,
  sizeOf,
  tensorFrom,
  textOf,
  type Operator,
  type RefTensor,
} from './tensor.js';

const gather: Operator = (inputs, node) => {
  const [input, indices] = [required(inputs, 0), required(inputs, 1)];
  const axis = positiveAxis(numberOf(node, 'axis', 0), input.dims.length);
  const dims = [...input.dims.slice(0, axis), ...indices.dims, ...input.dims.slice(axis + 1)];
  const rank = indices.dims.length;
  return [
    tensorFrom(dims, (index) => {
      const chosen = positiveAxis(at(indices, index.slice(axis, axis + rank)), input.dims[axis]!);
      return at(input, [...index.slice(0, axis), chosen, ...index.slice(axis + rank)]);
    }),
  ];
};

const gatherElements: Operator = (inputs, node) => {
  const [input, indices] = [required(inputs, 0), required(inputs, 1)];
  const axis = positiveAxis(numberOf(node, 'axis', 0), input.dims.length);
  const chosen = (index: number[]): number => positiveAxis(at(indices, index), input.dims[axis]!);
  return [tensorFrom(indices.dims, (index) => at(input, index.with(axis, chosen(index))))];
};

/** The index into the data that a tuple names, the axes before `from` being given. */
function tupleAt(
  indices: RefTensor,
  place: readonly number[],
  data: readonly number[],
  from: number,
): number[] {
  return Array.from({ length: indices.dims.at(-1)! }, (_, i) =>
    positiveAxis(at(indices, [...place, i]), data[from + i]!),
  );
}

const gatherNd: Operator = (inputs, node) => {
  const [input, indices] = [required(inputs, 0), required(inputs, 1)];
  const batched = numberOf(node, 'batch_dims', 0);
  const places = indices.dims.slice(0, -1);
  const slice = input.dims.slice(batched + indices.dims.at(-1)!);
  return [
    tensorFrom([...places, ...slice], (index) => {
      const place = index.slice(0, places.length);
      const tuple = tupleAt(indices, place, input.dims, batched);
      return at(input, [...index.slice(0, batched), ...tuple, ...index.slice(places.length)]);
    }),
  ];
};

/** Writes each update to its place of a copy of the data. */
function scattered(
  inputs: readonly (RefTensor | undefined)[],
  node: Node,
  placeOf: (index: number[], data: RefTensor, indices: RefTensor) => number[],
): RefTensor[] {
  const [input, indices, updates] = [required(inputs, 0), required(inputs, 1), required(inputs, 2)];
  const reduction = textOf(node, 'reduction', 'none');
  const data = Float64Array.from(input.data);
  for (let i = 0; i < sizeOf(updates.dims); i++) {
    const place = flatOf(placeOf(indexOf(i, updates.dims), input, indices), input.dims);
    data[place] = reduction === 'add' ? data[place]! + updates.data[i]! : updates.data[i]!;
  }
  return [{ dims: input.dims, data }];
}

const scatterElements: Operator = (inputs, node) =>
  scattered(inputs, node, (index, data, indices) => {
    const axis = positiveAxis(numberOf(node, 'axis', 0), data.dims.length);
    return index.with(axis, positiveAxis(at(indices, index), data.dims[axis]!));
  });

const scatterNd: Operator = (inputs, node) =>
  scattered(inputs, node, (index, data, indices) => {
    const depth = indices.dims.length - 1;
    return [...tupleAt(indices, index.slice(0, depth), data.dims, 0), ...index.slice(depth)];
  });

/** Operators that take or write elements named by indices. */
export const gatherings: Readonly<Record<string, Operator>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
};
