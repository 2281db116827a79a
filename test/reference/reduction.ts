import {
  flatOf,
  indexOf,
  listOf,
  numberOf,
  positiveAxis,
  required,
  sizeOf,
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

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

export const reductions: Readonly<Record<string, Operator>> = {
  ReduceSum: reducing(total),
  ReduceMean: reducing((values) => total(values) / values.length),
  ReduceMax: reducing((values) => Math.max(...values)),
  ReduceMin: reducing((values) => Math.min(...values)),
};
