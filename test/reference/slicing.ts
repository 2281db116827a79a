import { at, numberOf, positiveAxis, required, tensorFrom, textOf, type Operator } from './tensor.js';

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

/** For each mode of padding, where the element comes from that stands at `i` of a line of `size`; undefined for the constant. */
const PADDING: Readonly<Record<string, (i: number, size: number) => number | undefined>> = {
  constant: (i, size) => (i >= 0 && i < size ? i : undefined),
  edge: (i, size) => (i < 0 ? 0 : i >= size ? size - 1 : i),
  // There and back again, without repeating the ends.
  reflect: (i, size) => {
    const round = Math.max(2 * (size - 1), 1);
    const place = ((i % round) + round) % round;
    return place < size ? place : round - place;
  },
};

/** Negative amounts crop, before the other end is padded. */
const pad: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const amounts = [...required(inputs, 1).data];
  const rank = input.dims.length;
  const fill = inputs[2]?.data[0] ?? 0;
  const sourceOf = PADDING[textOf(node, 'mode', 'constant')]!;
  const dims = input.dims.map((dim, axis) => dim + amounts[axis]! + amounts[axis + rank]!);
  return [
    tensorFrom(dims, (index) => {
      const source = index.map((position, axis) => {
        const [before, after] = [amounts[axis]!, amounts[axis + rank]!];
        const cropped = before < 0 ? -before : 0;
        const left = input.dims[axis]! - cropped + (after < 0 ? after : 0);
        const place = sourceOf(position - (before > 0 ? before : 0), left);
        return place === undefined ? undefined : place + cropped;
      });
      return source.every((place) => place !== undefined) ? at(input, source) : fill;
    }),
  ];
};

/** Without axis, of the flattened input. */
const compress: Operator = (inputs, node) => {
  const given = required(inputs, 0);
  const flat = !('axis' in node.attributes);
  const input = flat ? { dims: [given.data.length], data: given.data } : given;
  const axis = positiveAxis(numberOf(node, 'axis', 0), input.dims.length);
  const kept = [...required(inputs, 1).data].flatMap((condition, i) => (condition === 0 ? [] : [i]));
  const dims = input.dims.with(axis, kept.length);
  return [tensorFrom(dims, (index) => at(input, index.with(axis, kept[index[axis]!]!)))];
};

const trilu: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const diagonal = inputs[1]?.data[0] ?? 0;
  const upper = numberOf(node, 'upper', 1) === 1;
  return [
    tensorFrom(input.dims, (index) => {
      const above = index.at(-1)! - index.at(-2)! - diagonal;
      return (upper ? above >= 0 : above <= 0) ? at(input, index) : 0;
    }),
  ];
};

const reverseSequence: Operator = (inputs, node) => {
  const [input, lengths] = [required(inputs, 0), required(inputs, 1)];
  const [batchAxis, timeAxis] = [numberOf(node, 'batch_axis', 1), numberOf(node, 'time_axis', 0)];
  return [
    tensorFrom(input.dims, (index) => {
      const length = lengths.data[index[batchAxis]!]!;
      const time = index[timeAxis]!;
      return at(input, time < length ? index.with(timeAxis, length - 1 - time) : index);
    }),
  ];
};

const cumSum: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const axis = positiveAxis(required(inputs, 1).data[0]!, input.dims.length);
  const [exclusive, reverse] = [numberOf(node, 'exclusive', 0) === 1, numberOf(node, 'reverse', 0) === 1];
  return [
    tensorFrom(input.dims, (index) => {
      let sum = 0;
      for (let i = 0; i < input.dims[axis]!; i++) {
        const ahead = reverse ? i - index[axis]! : index[axis]! - i;
        if (exclusive ? ahead > 0 : ahead >= 0) sum += at(input, index.with(axis, i));
      }
      return sum;
    }),
  ];
};

/** Operators that take parts of a tensor by position, mask or extend it. */
export const slicings: Readonly<Record<string, Operator>> = {
  Slice: slice,
  Pad: pad,
  Compress: compress,
  Trilu: trilu,
  ReverseSequence: reverseSequence,
  CumSum: cumSum,
};
