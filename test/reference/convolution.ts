import { numberOf, required, sizeOf, type Operator } from './tensor.js';
import { areas, transposedAxes, viewsOf, windowAxes } from './windows.js';

const convolution: Operator = (inputs, node) => {
  const [input, weight] = [required(inputs, 0), required(inputs, 1)];
  const [batch, channels, ...spatial] = input.dims as [number, number, ...number[]];
  const [filters, perGroup, ...kernel] = weight.dims as [number, number, ...number[]];
  const filtersPerGroup = filters / numberOf(node, 'group', 1);
  const axes = windowAxes(node, spatial, kernel);
  const views = viewsOf(axes);
  const area = areas(axes).input;
  const taps = sizeOf(kernel);
  const dims = [batch, filters, ...axes.map((axis) => axis.output)];
  const data = new Float64Array(sizeOf(dims));
  const [x, w] = [input.data, weight.data];

  let out = 0;
  for (let n = 0; n < batch; n++)
    for (let m = 0; m < filters; m++) {
      const firstPlane = n * channels + Math.floor(m / filtersPerGroup) * perGroup;
      for (const view of views) {
        let sum = inputs[2]?.data[m] ?? 0;
        for (let c = 0; c < perGroup; c++) {
          const plane = (firstPlane + c) * area;
          const filter = (m * perGroup + c) * taps;
          for (let i = 0; i < view.taps.length; i++)
            sum += x[plane + view.indices[i]!]! * w[filter + view.taps[i]!]!;
        }
        data[out++] = sum;
      }
    }
  return [{ dims, data }];
};

/** Every element of the input adds its value times the kernel to the places the kernel lies on. */
const transposedConvolution: Operator = (inputs, node) => {
  const [input, weight] = [required(inputs, 0), required(inputs, 1)];
  const [batch, channels, ...spatial] = input.dims as [number, number, ...number[]];
  const [, perGroup, ...kernel] = weight.dims as [number, number, ...number[]];
  const groups = numberOf(node, 'group', 1);
  const axes = transposedAxes(node, spatial, kernel);
  const area = areas(axes);
  const taps = sizeOf(kernel);
  const filters = perGroup * groups;
  const dims = [batch, filters, ...axes.map((axis) => axis.input)];
  const bias = inputs[2]?.data;
  const data = Float64Array.from({ length: sizeOf(dims) }, (_, i) =>
    bias === undefined ? 0 : bias[Math.floor(i / area.input) % filters]!,
  );
  const views = viewsOf(axes);
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++) {
      const firstFilter = Math.floor(c / (channels / groups)) * perGroup;
      views.forEach((view, position) => {
        const value = input.data[(n * channels + c) * area.output + position]!;
        for (let m = 0; m < perGroup; m++)
          view.taps.forEach((tap, i) => {
            const place = (n * filters + firstFilter + m) * area.input + view.indices[i]!;
            data[place]! += value * weight.data[(c * perGroup + m) * taps + tap]!;
          });
      });
    }
  return [{ dims, data }];
};

export const convolutions: Readonly<Record<string, Operator>> = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
};
