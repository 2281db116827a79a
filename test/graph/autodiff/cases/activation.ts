import { float, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import type { Random } from '../random.js';
import type { TestFunction } from '../test-function.js';

/** Where a function is sampled: between `low` and `high`, nowhere near one of its kinks. */
export interface Domain {
  readonly low: number;
  readonly high: number;
  readonly kinks?: readonly number[];
}

/** Uniform over the domain. */
export const samples =
  ({ low, high, kinks = [] }: Domain) =>
  (random: Random): number => {
    for (;;) {
      const x = low + (high - low) * random.uniform();
      if (kinks.every((kink) => Math.abs(x - kink) > 0.02)) return x;
    }
  };

interface ActivationOptions {
  readonly name?: string;
  readonly dims?: readonly Dimension[];
  /** All of them floats. */
  readonly attributes?: Readonly<Record<string, number>>;
}

/** An operator of one input. */
export function activation(op: string, domain: Domain, options: ActivationOptions = {}): TestFunction {
  const { name = op, dims = [BATCH, 3, 4], attributes = {} } = options;
  const floats: Attributes = Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, float(value)]),
  );
  return {
    name,
    inputs: { x: { dims, sample: samples(domain) } },
    build: (builder) => builder.add(op, ['x'], floats),
  };
}

const atZero = { low: -2, high: 2, kinks: [0] };
const line = { low: -4, high: 4 };
const positive = { low: 0.3, high: 3 };
const unit = { low: -0.9, high: 0.9 };

/** Operators of one input without attributes (or with their defaults), and where each is sampled. */
export const domains: Readonly<Record<string, Domain>> = {
  ...{ Relu: atZero, LeakyRelu: atZero, Abs: atZero, Elu: atZero, Selu: atZero, Celu: line },
  ...{ Sigmoid: line, Tanh: line, Erf: { low: -2, high: 2 }, Softplus: line, Softsign: line },
  ...{ ThresholdedRelu: { low: -2, high: 3, kinks: [1] }, Shrink: { low: -2, high: 2, kinks: [-0.5, 0.5] } },
  ...{
    HardSigmoid: { low: -4, high: 4, kinks: [-2.5, 2.5] },
    HardSwish: { low: -5, high: 5, kinks: [-3, 3] },
  },
  ...{ Exp: { low: -3, high: 3 }, Neg: line, Sqrt: positive, Log: positive, Reciprocal: positive },
  ...{ Sin: line, Cos: line, Tan: { low: -1.2, high: 1.2 }, Asin: unit, Acos: unit, Atan: line },
  ...{ Sinh: line, Cosh: line, Asinh: line, Acosh: { low: 1.2, high: 4 }, Atanh: unit },
};

/** PRelu of x and a slope that broadcasts to it. */
export const prelu = (
  name: string,
  dims: readonly Dimension[],
  slope: readonly Dimension[],
  slopes: Domain = { low: -0.5, high: 1.5 },
): TestFunction => ({
  name: `PRelu ${name}`,
  inputs: { x: { dims, sample: samples(atZero) }, slope: { dims: slope, sample: samples(slopes) } },
  build: (builder) => builder.add('PRelu', ['x', 'slope']),
});

/** Compositions as exporters write them, and the attributes that are not defaults. */
export const activationCases: readonly TestFunction[] = [
  ...Object.entries(domains).map(([op, domain]) => activation(op, domain)),
  activation('LeakyRelu', atZero, { name: 'LeakyRelu with a steep slope', attributes: { alpha: 1.7 } }),
  activation('LeakyRelu', atZero, { name: 'LeakyRelu with a falling slope', attributes: { alpha: -0.3 } }),
  activation('Elu', atZero, { name: 'Elu with alpha', attributes: { alpha: 0.4 } }),
  activation('Selu', atZero, { name: 'Selu without a kink', attributes: { alpha: 1, gamma: 1.3 } }),
  activation('Celu', line, { name: 'Celu with alpha', attributes: { alpha: 0.6 } }),
  activation('ThresholdedRelu', atZero, { name: 'ThresholdedRelu at 0', attributes: { alpha: 0 } }),
  activation(
    'ThresholdedRelu',
    { low: -2, high: 2, kinks: [-0.7] },
    { name: 'ThresholdedRelu below 0', attributes: { alpha: -0.7 } },
  ),
  activation(
    'Shrink',
    { low: -2, high: 2, kinks: [-0.8, 0.8] },
    { name: 'Shrink with a bias', attributes: { lambd: 0.8, bias: 0.8 } },
  ),
  activation(
    'HardSigmoid',
    { low: -2, high: 2, kinks: [-0.4 / 0.9, 0.6 / 0.9] },
    { name: 'HardSigmoid with constants of its own', attributes: { alpha: 0.9, beta: 0.4 } },
  ),
  prelu('with a slope per channel', [BATCH, 3, 2, 2], [3, 1, 1]),
  prelu('with one slope', [BATCH, 3, 2], [1], { low: 0.05, high: 0.95 }),
  prelu('with a slope per element', [BATCH, 3, 2], [3, 2], { low: 0.05, high: 0.95 }),
  prelu('with a slope per example', [BATCH, 3, 2], [BATCH, 1, 1]),
  {
    name: 'SiLU, by composition',
    inputs: { x: { dims: [BATCH, 5] } },
    build: (builder) => builder.add('Mul', ['x', builder.add('Sigmoid', ['x'])]),
  },
  {
    name: 'Mish, by composition',
    inputs: { x: { dims: [BATCH, 5] } },
    build: (builder) => builder.add('Mul', ['x', builder.add('Tanh', [builder.add('Softplus', ['x'])])]),
  },
  {
    name: 'HardSwish, by composition',
    inputs: { x: { dims: [BATCH, 9], sample: samples(domains['HardSwish']!) } },
    build: (builder) => {
      const shifted = builder.add('Add', ['x', builder.scalar(3)]);
      const clipped = builder.add('Clip', [shifted, builder.scalar(0), builder.scalar(6)]);
      return builder.add('Div', [builder.add('Mul', ['x', clipped]), builder.scalar(6)]);
    },
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
  {
    name: 'GELU by tanh, by composition',
    inputs: { x: { dims: [BATCH, 5] } },
    build: (builder) => {
      const cubic = builder.add('Mul', [
        builder.add('Pow', ['x', builder.scalar(3)]),
        builder.scalar(0.044715),
      ]);
      const inner = builder.add('Mul', [builder.add('Add', ['x', cubic]), builder.scalar(0.79788456)]);
      const gate = builder.add('Add', [builder.add('Tanh', [inner]), builder.scalar(1)]);
      return builder.add('Mul', [builder.add('Mul', ['x', gate]), builder.scalar(0.5)]);
    },
  },
];
