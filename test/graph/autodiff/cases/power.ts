import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import { floatTensor } from '../../../../src/tensor/tensor.js';
import type { TestFunction } from '../test-function.js';
import { samples, type Domain } from './activation.js';

const positive: Domain = { low: 0.3, high: 2 };
const anySign: Domain = { low: -2, high: 2, kinks: [0] };

/** x^p for one known p. */
export const constantPower = (exponent: number, dims: readonly Dimension[] = [BATCH, 4]): TestFunction => ({
  name: `Pow with exponent ${exponent}`,
  inputs: { x: { dims, sample: samples(Number.isInteger(exponent) ? anySign : positive) } },
  build: (builder) => builder.add('Pow', ['x', builder.scalar(exponent)]),
});

/** a^b with both of them differentiated. */
export const variablePower = (
  name: string,
  a: readonly Dimension[],
  b: readonly Dimension[],
): TestFunction => ({
  name: `Pow ${name}`,
  inputs: {
    a: { dims: a, sample: samples(positive) },
    b: { dims: b, sample: samples(anySign) },
    x: { dims: [BATCH, 1] },
  },
  build: (builder) => builder.add('Mul', [builder.add('Pow', ['a', 'b']), builder.add('ReduceSum', ['x'])]),
});

export const powerCases: readonly TestFunction[] = [
  ...[2, 3, 4, 1, 0.5, 1.5, -0.5, -1, -2, 0].map((exponent) => constantPower(exponent)),
  variablePower('of tensors of equal shapes', [BATCH, 3], [BATCH, 3]),
  variablePower('with an exponent per column', [BATCH, 5, 1], [4]),
  variablePower('with one exponent', [BATCH, 3, 2], []),
  variablePower('of a weight', [3], [BATCH, 3]),
  {
    name: 'Pow with an exponent per column, some of them zero, broadcasting the base',
    inputs: { x: { dims: [BATCH, 5, 1], sample: samples(positive) } },
    build: (builder) => {
      const exponents = floatTensor(Float32Array.of(0, 1, 2, 2.5), [4]);
      return builder.add('Pow', ['x', builder.initializer('exponents', exponents)]);
    },
  },
  {
    name: 'Pow with one exponent repeated, broadcasting the base',
    inputs: { x: { dims: [BATCH, 5, 1], sample: samples(positive) } },
    build: (builder) => {
      const exponents = floatTensor(Float32Array.of(2.5, 2.5, 2.5), [3]);
      return builder.add('Pow', ['x', builder.initializer('exponents', exponents)]);
    },
  },
  {
    name: 'Pow of a negative base with an integer exponent',
    inputs: { x: { dims: [BATCH, 4], sample: () => -0.8 } },
    build: (builder) => builder.add('Pow', ['x', builder.ints([3])]),
  },
  {
    name: 'Pow of a negative base with integer exponents known at run time',
    inputs: {
      x: { dims: [BATCH, 4], sample: samples(anySign) },
      p: { dims: [BATCH, 4], type: 'int64', sample: (random) => Math.floor(4 * random.uniform()) - 1 },
    },
    build: (builder) => builder.add('Pow', ['x', 'p']),
  },
];
