import { broadcast, broadcastDims } from './elementwise.js';
import {
  at,
  listOf,
  numberOf,
  positiveAxis,
  required,
  sizeOf,
  tensorFrom,
  type Operator,
  type RefTensor,
} from './tensor.js';

const withDims = ({ data }: RefTensor, dims: readonly number[]): RefTensor[] => [{ dims, data }];
const vector = (values: readonly number[]): RefTensor => ({
  dims: [values.length],
  data: Float64Array.from(values),
});

const reshape: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const copied =
    numberOf(node, 'allowzero', 0) === 1
      ? (size: number) => size
      : (size: number, axis: number) => size || input.dims[axis]!;
  const wanted = [...required(inputs, 1).data].map(copied);
  const known = sizeOf(wanted.filter((size) => size !== -1));
  return withDims(
    input,
    wanted.map((size) => (size === -1 ? input.data.length / known : size)),
  );
};

const flatten: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const axis = positiveAxis(numberOf(node, 'axis', 1), input.dims.length);
  return withDims(input, [sizeOf(input.dims.slice(0, axis)), sizeOf(input.dims.slice(axis))]);
};

const squeeze: Operator = (inputs) => {
  const input = required(inputs, 0);
  const rank = input.dims.length;
  const axes =
    inputs[1] === undefined ? undefined : [...inputs[1].data].map((axis) => positiveAxis(axis, rank));
  return withDims(
    input,
    input.dims.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis))),
  );
};

const unsqueeze: Operator = (inputs) => {
  const input = required(inputs, 0);
  const given = [...required(inputs, 1).data];
  const rank = input.dims.length + given.length;
  const axes = given.map((axis) => positiveAxis(axis, rank));
  const rest = [...input.dims];
  return withDims(
    input,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!)),
  );
};

const transpose: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const perm = listOf(node, 'perm') ?? input.dims.map((_, axis) => input.dims.length - 1 - axis);
  const dims = perm.map((axis) => input.dims[axis]!);
  return [
    tensorFrom(dims, (index) =>
      at(
        input,
        input.dims.map((_, axis) => index[perm.indexOf(axis)]!),
      ),
    ),
  ];
};

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

const slice: Operator = (inputs) => {
  const input = required(inputs, 0);
  const [starts, ends] = [[...required(inputs, 1).data], [...required(inputs, 2).data]];
  const axes = inputs[3] === undefined ? starts.map((_, axis) => axis) : [...inputs[3].data];
  const taken = input.dims.map((size) => Array.from({ length: size }, (_, i) => i));
  axes.forEach((given, i) => {
    const axis = positiveAxis(given, input.dims.length);
    const size = input.dims[axis]!;
    const step = inputs[4]?.data[i] ?? 1;
    const start = positiveAxis(starts[i]!, size);
    const end = positiveAxis(ends[i]!, size);
    const indices = step > 0 ? [...taken[axis]!] : [...taken[axis]!].reverse();
    const inside = indices.filter((index) =>
      step > 0 ? index >= start && index < end : index <= start && index > end,
    );
    taken[axis] = inside.filter((_, position) => position % Math.abs(step) === 0);
  });
  const dims = taken.map((indices) => indices.length);
  return [
    tensorFrom(dims, (index) =>
      at(
        input,
        index.map((position, axis) => taken[axis]![position]!),
      ),
    ),
  ];
};

/** Constant mode; negative amounts crop. */
const pad: Operator = (inputs) => {
  const input = required(inputs, 0);
  const amounts = [...required(inputs, 1).data];
  const rank = input.dims.length;
  const fill = inputs[2]?.data[0] ?? 0;
  const dims = input.dims.map((dim, axis) => dim + amounts[axis]! + amounts[axis + rank]!);
  return [
    tensorFrom(dims, (index) => {
      const source = index.map((position, axis) => position - amounts[axis]!);
      return source.every((position, axis) => position >= 0 && position < input.dims[axis]!)
        ? at(input, source)
        : fill;
    }),
  ];
};

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

const expand: Operator = (inputs) => {
  const input = required(inputs, 0);
  return [broadcast(input, broadcastDims(input.dims, [...required(inputs, 1).data]))];
};

const shape: Operator = (inputs, node) => {
  const { dims } = required(inputs, 0);
  const from = positiveAxis(numberOf(node, 'start', 0), dims.length);
  const to = positiveAxis(numberOf(node, 'end', dims.length), dims.length);
  return [vector(dims.slice(from, to))];
};

const constant: Operator = (_, node) => {
  const { value } = node.attributes;
  if (value?.type !== 'tensor') throw new Error('only the tensor form of Constant is known');
  return [
    {
      dims: value.value.dims,
      data: Float64Array.from(value.value.data as ArrayLike<number | bigint>, Number),
    },
  ];
};

const constantOfShape: Operator = (inputs, node) => {
  const { value } = node.attributes;
  const fill = value?.type === 'tensor' ? Number(value.value.data[0]) : 0;
  return [tensorFrom([...required(inputs, 0).data], () => fill)];
};

export const movements: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Gather: gather,
  GatherElements: gatherElements,
  Expand: expand,
  Shape: shape,
  Constant: constant,
  ConstantOfShape: constantOfShape,
};
