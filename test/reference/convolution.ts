import { numberOf, required, sizeOf, type Operator } from './tensor.js';
import { planar, seen, windowAxes } from './windows.js';

const convolution: Operator = (inputs, node) => {
  const [input, weight] = [required(inputs, 0), required(inputs, 1)];
  const [batch, channels, ...spatial] = input.dims as [number, number, ...number[]];
  const [filters, perGroup, ...kernel] = weight.dims as [number, number, ...number[]];
  const groups = numberOf(node, 'group', 1);
  const axes = windowAxes(node, spatial, kernel);
  const [vertical, horizontal] = planar(axes);
  const dims = [batch, filters, ...axes.map((axis) => axis.output)];
  const data = new Float64Array(sizeOf(dims));
  const rows = Array.from({ length: vertical.output }, (_, y) => seen(vertical, y));
  const columns = Array.from({ length: horizontal.output }, (_, x) => seen(horizontal, x));

  let out = 0;
  for (let n = 0; n < batch; n++)
    for (let m = 0; m < filters; m++) {
      const firstChannel = Math.floor(m / (filters / groups)) * perGroup;
      for (const row of rows)
        for (const column of columns) {
          let sum = inputs[2]?.data[m] ?? 0;
          for (let c = 0; c < perGroup; c++)
            for (const y of row)
              for (const x of column) {
                const plane = n * channels + firstChannel + c;
                const value = input.data[(plane * vertical.input + y.index) * horizontal.input + x.index]!;
                const tap = ((m * perGroup + c) * vertical.kernel + y.tap) * horizontal.kernel + x.tap;
                sum += value * weight.data[tap]!;
              }
          data[out++] = sum;
        }
    }
  return [{ dims, data }];
};

export const convolutions: Readonly<Record<string, Operator>> = { Conv: convolution };
