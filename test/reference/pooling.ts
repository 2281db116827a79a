import { listOf, numberOf, required, sizeOf, type Operator } from './tensor.js';
import { planar, seen, windowAxes, type WindowAxis } from './windows.js';

/** How many places of the axis a window covers, padding included but not what lies beyond it. */
function covered(axis: WindowAxis, position: number): number {
  const start = position * axis.stride - axis.begin;
  return Math.min(start + axis.kernel, axis.input + axis.end) - start;
}

/** An operator that reduces the values in each window; `count` is the number of places with padding. */
const pooling =
  (reduce: (values: number[], count: number, includePad: boolean) => number): Operator =>
  (inputs, node) => {
    const input = required(inputs, 0);
    const [batch, channels, ...spatial] = input.dims as [number, number, ...number[]];
    const axes = windowAxes(node, spatial, listOf(node, 'kernel_shape')!);
    const [vertical, horizontal] = planar(axes);
    const includePad = numberOf(node, 'count_include_pad', 0) === 1;
    const dims = [batch, channels, ...axes.map((axis) => axis.output)];
    const data = new Float64Array(sizeOf(dims));
    let out = 0;
    for (let plane = 0; plane < batch * channels; plane++)
      for (let y = 0; y < vertical.output; y++)
        for (let x = 0; x < horizontal.output; x++) {
          const values = seen(vertical, y).flatMap((row) =>
            seen(horizontal, x).map(
              (column) => input.data[(plane * vertical.input + row.index) * horizontal.input + column.index]!,
            ),
          );
          data[out++] = reduce(values, covered(vertical, y) * covered(horizontal, x), includePad);
        }
    return [{ dims, data }];
  };

const mean = (values: number[], count = values.length): number =>
  values.reduce((sum, value) => sum + value, 0) / count;

const globalAveragePool: Operator = (inputs) => {
  const { dims, data } = required(inputs, 0);
  const area = sizeOf(dims.slice(2));
  const planes = data.length / area;
  const means = Array.from({ length: planes }, (_, i) => mean([...data.subarray(i * area, (i + 1) * area)]));
  return [{ dims: dims.map((dim, axis) => (axis < 2 ? dim : 1)), data: Float64Array.from(means) }];
};

export const poolings: Readonly<Record<string, Operator>> = {
  MaxPool: pooling((values) => Math.max(...values)),
  AveragePool: pooling((values, count, includePad) => mean(values, includePad ? count : values.length)),
  GlobalAveragePool: globalAveragePool,
};
