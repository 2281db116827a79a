import { numberOf, positiveAxis, required, tensorFrom, type Operator, type RefTensor } from './tensor.js';

const vector = (values: readonly number[]): RefTensor => ({
  dims: [values.length],
  data: Float64Array.from(values),
});

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

const size: Operator = (inputs) => [{ dims: [], data: Float64Array.of(required(inputs, 0).data.length) }];

const range: Operator = (inputs) => {
  const [start, limit, step] = [0, 1, 2].map((i) => required(inputs, i).data[0]!) as [number, number, number];
  const count = Math.max(Math.ceil((limit - start) / step), 0);
  return [vector(Array.from({ length: count }, (_, i) => start + i * step))];
};

/** Operators whose result depends on shapes or constants alone. */
export const generators: Readonly<Record<string, Operator>> = {
  Shape: shape,
  Size: size,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
};
