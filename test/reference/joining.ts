import { broadcast, broadcastDims } from './elementwise.js';
import { at, numberOf, positiveAxis, required, tensorFrom, type Operator } from './tensor.js';

const concat: Operator = (inputs, node) => {
  const tensors = inputs.filter((input) => input !== undefined);
  const axis = positiveAxis(numberOf(node, 'axis', 0), tensors[0]!.dims.length);
  const length = tensors.reduce((sum, tensor) => sum + tensor.dims[axis]!, 0);
  const dims = tensors[0]!.dims.map((dim, i) => (i === axis ? length : dim));
  const valueAt = (index: number[]): number => {
    let position = index[axis]!;
    const source = tensors.find((tensor) => {
      if (position < tensor.dims[axis]!) return true;
      position -= tensor.dims[axis]!;
      return false;
    })!;
    return at(source, index.with(axis, position));
  };
  return [tensorFrom(dims, valueAt)];
};

const split: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const axis = positiveAxis(numberOf(node, 'axis', 0), input.dims.length);
  const even = Math.ceil(input.dims[axis]! / node.outputs.length);
  const sizes = inputs[1] === undefined ? node.outputs.map(() => even) : [...inputs[1].data];
  return sizes.map((size, part) => {
    const offset = sizes.slice(0, part).reduce((sum, earlier) => sum + earlier, 0);
    return tensorFrom(input.dims.with(axis, size), (index) =>
      at(input, index.with(axis, index[axis]! + offset)),
    );
  });
};

const expand: Operator = (inputs) => {
  const input = required(inputs, 0);
  return [broadcast(input, broadcastDims(input.dims, [...required(inputs, 1).data]))];
};

const tile: Operator = (inputs) => {
  const input = required(inputs, 0);
  const repeats = required(inputs, 1).data;
  const dims = input.dims.map((dim, axis) => dim * repeats[axis]!);
  return [
    tensorFrom(dims, (index) =>
      at(
        input,
        index.map((position, axis) => position % input.dims[axis]!),
      ),
    ),
  ];
};

/** Operators that put tensors together, take them apart or repeat them. */
export const joinings: Readonly<Record<string, Operator>> = {
  Concat: concat,
  Split: split,
  Expand: expand,
  Tile: tile,
};
