import { integers, runtime, type Integers } from '../operand.js';
import { storedAxis, type Value } from '../value.js';
import type { Operation, OpLowering } from './operation.js';

/** What is taken along one axis: `count` elements from `start` on, `step` apart. */
interface Range {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  /** Whether the axis is dropped. */
  readonly single: boolean;
}

const isSet = (mask: number, axis: number): boolean => ((mask >> axis) & 1) === 1;

/** The range of an axis of that length, from the numbers and masks of a StridedSlice. */
function rangeOf(operation: Operation, axis: number, length: number): Range {
  const { attributes } = operation;
  const [begin, end, strides] = [1, 2, 3].map((index) => operation.integers(index)) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  if (axis >= begin.length) return { start: 0, step: 1, count: length, single: false };
  const step = strides[axis] ?? 1;
  const fromEnd = (place: number): number => (place < 0 ? place + length : place);
  const first = isSet(attributes.number('begin_mask', 0), axis)
    ? step > 0
      ? 0
      : length - 1
    : fromEnd(begin[axis]!);
  if (isSet(attributes.number('shrink_axis_mask', 0), axis))
    return { start: first, step: 1, count: 1, single: true };
  const last = isSet(attributes.number('end_mask', 0), axis) ? (step > 0 ? length : -1) : fromEnd(end[axis]!);
  const bounded = Math.min(Math.max(last, -1), length);
  const start = Math.min(Math.max(first, 0), length);
  return { start, step, count: Math.max(Math.ceil((bounded - start) / step), 0), single: false };
}

const stridedSlice: OpLowering = (operation) => {
  const { attributes, inputs } = operation;
  if (attributes.number('ellipsis_mask', 0) !== 0 || attributes.number('new_axis_mask', 0) !== 0)
    return operation.unsupported('ellipsis_mask and new_axis_mask must be 0');
  const [given] = inputs;
  if (given?.kind === 'integers') return ofIntegers(operation, given);
  const x = operation.value(0);
  // The batch may be of any size, of which all must be taken.
  const batch = rangeOf(operation, 0, Number.MAX_SAFE_INTEGER);
  if (batch.start !== 0 || batch.step !== 1 || batch.single || batch.count < Number.MAX_SAFE_INTEGER - 1)
    return operation.unsupported('it must take every example');
  const ranges = x.shape.map((length, axis) => rangeOf(operation, axis + 1, length));
  return runtime(sliced(operation, x, ranges));
};

function ofIntegers(operation: Operation, { dims, values }: Integers): Integers {
  if (dims.length !== 1) return operation.unsupported('input 0 must be a list of numbers');
  const { start, step, count, single } = rangeOf(operation, 0, values.length);
  const taken = Array.from({ length: count }, (_, i) => values[start + i * step]);
  if (taken.includes(undefined)) return operation.unsupported('it reaches beyond the end');
  return integers(taken as Integers['values'], single ? [] : [count]);
}

function sliced(operation: Operation, x: Value, ranges: readonly Range[]): Value {
  const { emitter } = operation;
  const sorted = x.elements === undefined ? x : emitter.natural(x);
  const cut = [...ranges.keys()].filter((axis) => {
    const { start, step, count } = ranges[axis]!;
    return start !== 0 || step !== 1 || count !== x.shape[axis];
  });
  if (ranges.some(({ count }) => count === 0)) return operation.unsupported('it leaves nothing');
  const shape = ranges.map(({ count }) => count);
  const lists = [
    cut.map((axis) => ranges[axis]!.start),
    cut.map((axis) => endOf(ranges[axis]!)),
    cut.map((axis) => storedAxis(sorted, axis)),
    cut.map((axis) => ranges[axis]!.step),
  ].map((list) => emitter.ints(list));
  const taken =
    cut.length === 0 ? sorted : { ...sorted, name: emitter.add('Slice', [sorted.name, ...lists]), shape };
  const singles = [...ranges.keys()].filter((axis) => ranges[axis]!.single);
  return singles.length === 0 ? taken : emitter.squeezed(taken, singles);
}

/** One step behind the last element; ONNX has no other way to say "before the first" than a large negative number. */
function endOf({ start, step, count }: Range): number {
  const end = start + (count - 1) * step + Math.sign(step);
  return end < 0 ? -Number.MAX_SAFE_INTEGER : end;
}

/** Begin and size per axis; a size of -1 is the rest. */
const slice: OpLowering = (operation) => {
  const x = operation.value(0);
  const [begin, size] = [operation.integers(1), operation.integers(2)];
  if (begin[0] !== 0 || size[0] !== -1) return operation.unsupported('it must take every example');
  const ranges = x.shape.map((length, axis) => {
    const start = begin[axis + 1]!;
    const count = size[axis + 1] === -1 ? length - start : size[axis + 1]!;
    return { start, step: 1, count, single: false };
  });
  return runtime(sliced(operation, x, ranges));
};

/** Operations that take parts. */
export const slicingOps: Readonly<Record<string, OpLowering>> = { Slice: slice, StridedSlice: stridedSlice };
