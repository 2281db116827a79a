import {
  at,
  flatOf,
  indexOf,
  listOf,
  numberOf,
  positiveAxis,
  required,
  sizeOf,
  tensorFrom,
  type Operator,
} from './tensor.js';

/** Collects, for every element of the result, the values that are reduced into it. */
const reducing =
  (reduce: (values: number[]) => number): Operator =>
  (inputs, node) => {
    const { dims, data } = required(inputs, 0);
    const given = listOf(node, 'axes') ?? [...(inputs[1]?.data ?? [])];
    if (given.length === 0 && numberOf(node, 'noop_with_empty_axes', 0) === 1) return [required(inputs, 0)];
    const axes =
      given.length === 0 ? dims.map((_, axis) => axis) : given.map((a) => positiveAxis(a, dims.length));
    const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
    data.forEach((value, i) => {
      const index = indexOf(i, dims).map((position, axis) => (axes.includes(axis) ? 0 : position));
      groups[flatOf(index, kept)]!.push(value);
    });
    const keepdims = numberOf(node, 'keepdims', 1) === 1;
    return [
      {
        dims: keepdims ? kept : dims.filter((_, axis) => !axes.includes(axis)),
        data: Float64Array.from(groups, reduce),
      },
    ];
  };

const sum = (values: readonly number[], map: (value: number) => number = (value) => value): number =>
  values.reduce((total, value) => total + map(value), 0);

/** log(sum(exp(x))), with the largest exponent taken out so that no term overflows. */
function logSumExp(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(sum(values, (value) => Math.exp(value - top)));
}

/** The k largest or smallest along an axis in order, the earlier of two that are equal first; and where they were. */
const topK: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const axis = positiveAxis(numberOf(node, 'axis', -1), input.dims.length);
  const sign = numberOf(node, 'largest', 1) === 1 ? -1 : 1;
  const dims = input.dims.with(axis, required(inputs, 1).data[0]!);
  const ranked = (index: readonly number[]): { value: number; place: number }[] =>
    Array.from({ length: input.dims[axis]! }, (_, place) => ({
      value: at(input, index.with(axis, place)),
      place,
    })).sort((a, b) => sign * (a.value - b.value) || a.place - b.place);
  return [
    tensorFrom(dims, (index) => ranked(index)[index[axis]!]!.value),
    tensorFrom(dims, (index) => ranked(index)[index[axis]!]!.place),
  ];
};

export const reductions: Readonly<Record<string, Operator>> = {
  ReduceSum: reducing((values) => sum(values)),
  ReduceMean: reducing((values) => sum(values) / values.length),
  ReduceMax: reducing((values) => Math.max(...values)),
  ReduceMin: reducing((values) => Math.min(...values)),
  ReduceProd: reducing((values) => values.reduce((product, value) => product * value, 1)),
  ReduceL1: reducing((values) => sum(values, Math.abs)),
  ReduceL2: reducing((values) => Math.sqrt(sum(values, (value) => value * value))),
  ReduceLogSum: reducing((values) => Math.log(sum(values))),
  ReduceLogSumExp: reducing(logSumExp),
  ReduceSumSquare: reducing((values) => sum(values, (value) => value * value)),
  TopK: topK,
};
