import { describe, expect, it } from '@jest/globals';
import { float, int, type GraphBuilder } from '../../../src/graph/builder.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { gradientAt, unaryGradientAt } from './gradient-at.js';

type Build = (builder: GraphBuilder) => string;

const of =
  (op: string, attributes: Record<string, number> = {}): Build =>
  (builder) =>
    builder.add(
      op,
      ['x'],
      Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, float(value)])),
    );

/** The next float32 above 3, below 3, ... */
const ulp = 2 ** -22;

interface Kink {
  readonly name: string;
  readonly build: Build;
  /** Points and the derivatives there. */
  readonly at: readonly (readonly [x: number, derivative: number])[];
}

const kinks: readonly Kink[] = [
  {
    name: 'Relu is 0 at 0',
    build: of('Relu'),
    at: [
      [-1e-30, 0],
      [0, 0],
      [1e-30, 1],
    ],
  },
  {
    name: 'Abs is 0 at 0',
    build: of('Abs'),
    at: [
      [-1e30, -1],
      [-2e-38, -1],
      [0, 0],
      [2e-38, 1],
      [1e30, 1],
    ],
  },
  ...[0, 0.25, 1, 2, -0.5].map((alpha): Kink => ({
    name: `LeakyRelu with slope ${alpha} is that slope at 0`,
    build: of('LeakyRelu', { alpha }),
    at: [
      [-1e30, alpha],
      [-2e-38, alpha],
      [0, alpha],
      [2e-38, 1],
      [1e30, 1],
    ],
  })),
  {
    name: 'PRelu is the slope at 0, for constant slopes from 0 to 1',
    build: (b) =>
      b.add('PRelu', ['x', b.initializer('s', floatTensor(Float32Array.of(0.25, 0.5, 0, 1), [4]))]),
    at: [
      [-1, 0.25],
      [0, 0.5],
      [0, 0],
      [2, 1],
    ],
  },
  {
    name: 'PRelu is the slope at 0, for any constant slopes',
    build: (b) => b.add('PRelu', ['x', b.initializer('s', floatTensor(Float32Array.of(-0.5, 4, 4), [3]))]),
    at: [
      [0, -0.5],
      [0, 4],
      [1, 1],
    ],
  },
  {
    name: 'Elu is alpha at 0',
    build: of('Elu', { alpha: 0.5 }),
    at: [
      [-2e-38, 0.5],
      [0, 0.5],
      [2e-38, 1],
    ],
  },
  {
    name: 'Selu is gamma times alpha at 0',
    build: of('Selu', { alpha: 1.5, gamma: 2 }),
    at: [
      [-2e-38, 3],
      [0, 3],
      [2e-38, 2],
    ],
  },
  {
    name: 'Celu is 1 at 0, from both sides',
    build: of('Celu', { alpha: 0.5 }),
    at: [
      [-1e-30, 1],
      [0, 1],
      [1e-30, 1],
    ],
  },
  {
    name: 'ThresholdedRelu is 0 at its threshold',
    build: of('ThresholdedRelu', { alpha: 3 }),
    at: [
      [-4, 0],
      [3 - ulp, 0],
      [3, 0],
      [3 + ulp, 1],
    ],
  },
  {
    name: 'ThresholdedRelu is 0 at a threshold below 0',
    build: of('ThresholdedRelu', { alpha: -3 }),
    at: [
      [-4, 0],
      [-3 - ulp, 0],
      [-3, 0],
      [-3 + ulp, 1],
      [0, 1],
    ],
  },
  {
    name: 'Shrink is 0 at both kinks',
    build: of('Shrink', { lambd: 3, bias: 3 }),
    at: [
      [-3 - ulp, 1],
      [-3, 0],
      [0, 0],
      [3, 0],
      [3 + ulp, 1],
    ],
  },
  {
    name: 'HardSigmoid is 0 at both kinks',
    build: of('HardSigmoid', { alpha: 0.25, beta: 0.5 }),
    at: [
      [-2, 0],
      [-2 + ulp, 0.25],
      [2 - ulp, 0.25],
      [2, 0],
      [3, 0],
    ],
  },
  {
    name: 'HardSwish is 0 at -3 and 1 at 3',
    build: of('HardSwish'),
    at: [
      [-1e4, 0],
      [-3, 0],
      [0, 0.5],
      [3, 1],
      [1e4, 1],
    ],
  },
  {
    name: 'Clip is 1 at both bounds and 0 next to them',
    build: (b) => b.add('Clip', ['x', b.scalar(-3), b.scalar(3)]),
    at: [
      [-3 - ulp, 0],
      [-3, 1],
      [3, 1],
      [3 + ulp, 0],
    ],
  },
  {
    name: 'Clip without bounds is 1 everywhere',
    build: of('Clip'),
    at: [
      [-3e38, 1],
      [0, 1],
      [3e38, 1],
    ],
  },
  {
    name: 'Mod is 1 at its jumps too',
    build: (b) => b.add('Mod', ['x', b.scalar(1.5)], { fmod: int(1) }),
    at: [
      [-3, 1],
      [0, 1],
      [1.5, 1],
      [3, 1],
    ],
  },
  ...[1, 2, 3].map((exponent): Kink => ({
    name: `Pow with exponent ${exponent} is ${exponent === 1 ? 1 : 0} at 0`,
    build: (b) => b.add('Pow', ['x', b.scalar(exponent)]),
    at: [[0, exponent === 1 ? 1 : 0]],
  })),
  {
    name: 'Pow with exponent 0 is 0 at 0, beside columns with other exponents',
    build: (b) => b.add('Pow', ['x', b.initializer('p', floatTensor(Float32Array.of(0, 0, 2, 3), [4]))]),
    at: [
      [0, 0],
      [5, 0],
      [3, 6],
      [-2, 12],
    ],
  },
];

describe('the derivative of', () => {
  it.each(kinks)('$name', async ({ build, at }) => {
    const found = await unaryGradientAt(
      at.map(([x]) => x),
      build,
    );
    expect(found).toEqual(at.map(([, derivative]) => Math.fround(derivative)));
  });
});

describe('the gradient at a tie', () => {
  it.each(['Max', 'Min'])('of %s of four is shared equally by all that attain it', async (op) => {
    const sign = op === 'Max' ? 1 : -1;
    const row = (...values: number[]) => ({ dims: [1, 4], values: values.map((value) => sign * value) });
    const inputs = { a: row(1, 2, 3, 7), b: row(1, 2, 0, 0), c: row(1, 0, 3, 0), d: row(1, 2, 0, 0) };
    const found = await gradientAt(inputs, (b) => b.add(op, ['a', 'b', 'c', 'd']), [1, 4], [4, 3, 2, 1]);
    expect(found).toEqual({ a: [1, 1, 1, 1], b: [1, 1, 0, 0], c: [1, 0, 1, 0], d: [1, 1, 0, 0] });
  });

  it('of PRelu gives the slope nothing from where x is 0', async () => {
    const inputs = { x: { dims: [1, 3], values: [-2, 0, 3] }, s: { dims: [1, 3], values: [0.5, 0.5, 0.5] } };
    const found = await gradientAt(inputs, (b) => b.add('PRelu', ['x', 's']), [1, 3]);
    expect(found).toEqual({ x: [0.5, 0.5, 1], s: [-2, 0, 0] });
  });

  it('of a variable exponent is 0 where the base is 0', async () => {
    const inputs = { x: { dims: [1, 3], values: [0, 0, 1] }, p: { dims: [1, 3], values: [2, 0, 2] } };
    const found = await gradientAt(inputs, (b) => b.add('Pow', ['x', 'p']), [1, 3]);
    expect(found).toEqual({ x: [0, 0, 2], p: [0, 0, 0] });
  });
});
