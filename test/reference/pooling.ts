import type { Node } from '../../src/graph/ir.js';
import { listOf, numberOf, required, sizeOf, type Operator } from './tensor.js';
import { areas, coverages, viewsOf, windowAxes } from './windows.js';

/** A function of the values in a window, for the node's attributes; `count` is the number of places with padding. */
type Reduce = (node: Node) => (values: number[], count: number) => number;

/** An operator that reduces the values in each window. */
const pooling =
  (reduce: Reduce): Operator =>
  (inputs, node) => {
    const input = required(inputs, 0);
    const [batch, channels, ...spatial] = input.dims as [number, number, ...number[]];
    const axes = windowAxes(node, spatial, listOf(node, 'kernel_shape')!);
    const [views, counts] = [viewsOf(axes), coverages(axes)];
    const area = areas(axes).input;
    const dims = [batch, channels, ...axes.map((axis) => axis.output)];
    const data = new Float64Array(sizeOf(dims));
    const apply = reduce(node);
    let out = 0;
    for (let plane = 0; plane < batch * channels; plane++)
      views.forEach(({ indices }, i) => {
        const values = indices.map((index) => input.data[plane * area + index]!);
        data[out++] = apply(values, counts[i]!);
      });
    return [{ dims, data }];
  };

/** An operator that reduces all places of each channel. */
const globalPooling =
  (reduce: Reduce): Operator =>
  (inputs, node) => {
    const { dims, data } = required(inputs, 0);
    const area = sizeOf(dims.slice(2));
    const apply = reduce(node);
    const reduced = Array.from({ length: data.length / area }, (_, i) =>
      apply([...data.subarray(i * area, (i + 1) * area)], area),
    );
    return [{ dims: dims.map((dim, axis) => (axis < 2 ? dim : 1)), data: Float64Array.from(reduced) }];
  };

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

const mean: Reduce = (node) => {
  const includePad = numberOf(node, 'count_include_pad', 0) === 1;
  return (values, count) => total(values) / (includePad ? count : values.length);
};

const maximum: Reduce = () => (values) => Math.max(...values);

const norm: Reduce = (node) => {
  const p = numberOf(node, 'p', 2);
  return (values) => total(values.map((value) => Math.abs(value) ** p)) ** (1 / p);
};

export const poolings: Readonly<Record<string, Operator>> = {
  MaxPool: pooling(maximum),
  AveragePool: pooling(mean),
  LpPool: pooling(norm),
  GlobalMaxPool: globalPooling(maximum),
  GlobalAveragePool: globalPooling(mean),
  GlobalLpPool: globalPooling(norm),
};
