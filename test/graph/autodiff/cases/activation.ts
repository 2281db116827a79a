import { float } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';
import { positive } from './arithmetic.js';

const unary = (op: string, sample?: TestFunction['inputs'][string]['sample']): TestFunction => ({
  name: op,
  inputs: { x: { dims: [BATCH, 3, 4], ...(sample && { sample }) } },
  build: (builder) => builder.add(op, ['x']),
});

/** Values on both sides of the kinks at -3 and 3 (or -2.5 and 2.5), none within 0.01 of one. */
const wide = (random: { uniform(): number }): number => {
  const x = 9 * random.uniform() - 4.5;
  const near = [-3, -2.5, 0, 2.5, 3].some((kink) => Math.abs(x - kink) < 0.01);
  return near ? x + 0.05 : x;
};

export const activationCases: readonly TestFunction[] = [
  ...['Relu', 'Sigmoid', 'Tanh', 'Erf', 'Softplus', 'Exp', 'Neg', 'Abs', 'LeakyRelu'].map((op) => unary(op)),
  ...['Sqrt', 'Log', 'Reciprocal'].map((op) => unary(op, positive)),
  ...['HardSigmoid', 'HardSwish'].map((op) => unary(op, wide)),
  {
    name: 'LeakyRelu with a slope of its own',
    inputs: { x: { dims: [BATCH, 6] } },
    build: (builder) => builder.add('LeakyRelu', ['x'], { alpha: float(0.3) }),
  },
  {
    name: 'HardSigmoid with constants of its own',
    inputs: { x: { dims: [BATCH, 12] } },
    build: (builder) => builder.add('HardSigmoid', ['x'], { alpha: float(0.9), beta: float(0.4) }),
  },
  {
    name: 'SiLU, by composition',
    inputs: { x: { dims: [BATCH, 5] } },
    build: (builder) => builder.add('Mul', ['x', builder.add('Sigmoid', ['x'])]),
  },
  {
    name: 'GELU, by composition',
    inputs: { x: { dims: [BATCH, 5] } },
    build: (builder) => {
      const scaled = builder.add('Div', ['x', builder.scalar(Math.SQRT2)]);
      const gate = builder.add('Add', [builder.add('Erf', [scaled]), builder.scalar(1)]);
      return builder.add('Mul', [builder.add('Mul', ['x', gate]), builder.scalar(0.5)]);
    },
  },
];
