import { describe, expect, it } from '@jest/globals';
import type { GraphBuilder } from '../../../src/graph/builder.js';
import { unaryGradientAt } from './gradient-at.js';

type Build = (builder: GraphBuilder) => string;

const { abs, exp, sqrt, tanh, PI } = Math;

/** exp(-|x|) / (1 + exp(-|x|))^2, without cancellation. */
const logisticSlope = (x: number): number => exp(-abs(x)) / (1 + exp(-abs(x))) ** 2;
const logistic = (x: number): number => (x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)));
const softplus = (x: number): number => (x > 0 ? x : 0) + Math.log1p(exp(-abs(x)));
const siluSlope = (x: number): number => logistic(x) + x * logisticSlope(x);
const mishSlope = (x: number): number =>
  tanh(softplus(x)) + x * 4 * logisticSlope(2 * softplus(x)) * logistic(x);

/** Derivatives of the operators that level off. */
const derivatives: Readonly<Record<string, (x: number) => number>> = {
  Sigmoid: logisticSlope,
  Tanh: (x) => 4 * logisticSlope(2 * x),
  Softplus: logistic,
  Softsign: (x) => 1 / (1 + abs(x)) ** 2,
  Erf: (x) => (2 / sqrt(PI)) * exp(-x * x),
  Elu: (x) => (x > 0 ? 1 : exp(x)),
  Selu: (x) => 1.05070102214813 * (x > 0 ? 1 : 1.67326319217681 * exp(x)),
  Celu: (x) => (x > 0 ? 1 : exp(x)),
};

const silu: Build = (b) => b.add('Mul', ['x', b.add('Sigmoid', ['x'])]);
const mish: Build = (b) => b.add('Mul', ['x', b.add('Tanh', [b.add('Softplus', ['x'])])]);
const gelu: Build = (b) => {
  const erf = b.add('Erf', [b.add('Div', ['x', b.scalar(Math.SQRT2)])]);
  return b.add('Mul', [b.add('Mul', ['x', b.scalar(0.5)]), b.add('Add', [erf, b.scalar(1)])]);
};

const points = [-80, -40, -20, -15, -9, -5, -3, 3, 5, 9, 15, 20, 40, 80];

async function expectRelative(build: Build, derivative: (x: number) => number, tolerance: number) {
  // Below 1e-37 float32 leaves its normal range.
  const xs = points.filter((x) => abs(derivative(x)) > 1e-37);
  const found = await unaryGradientAt(xs, build);
  expect(xs.length).toBeGreaterThanOrEqual(6);
  const errors = xs.map((x, i) => [x, found[i]! / derivative(x) - 1] as const);
  expect(errors.filter(([, error]) => !(abs(error) < tolerance))).toEqual([]);
}

describe('the derivative keeps its relative precision where the function saturates, for', () => {
  it.each(Object.entries(derivatives))('%s', async (op, derivative) => {
    await expectRelative((b) => b.add(op, ['x']), derivative, 1e-5);
  });

  it('Mish, by composition', async () => {
    await expectRelative(mish, mishSlope, 1e-5);
  });
});

describe('the derivative keeps its sign and order where the gate of the forward pass has rounded to 0, for', () => {
  it('SiLU, by composition', async () => {
    await expectRelative(silu, siluSlope, 0.07);
  });

  it('GELU, by composition', async () => {
    // The density outweighs the distribution function, 1 - erf, by the square of x.
    const xs = [-5, -6, -8, -10, -12];
    const found = await unaryGradientAt(xs, gelu);
    const density = xs.map((x) => (x * exp((-x * x) / 2)) / sqrt(2 * PI));
    expect(xs.filter((x, i) => !(abs(found[i]! / density[i]! - 1) < 1.1 / (x * x)))).toEqual([]);
  });
});

const huge = [-1e4, -1e3, -104, -90, 90, 104, 1e3, 1e4];
const limits = (below: number, above: number): number[] => huge.map((x) => (x < 0 ? below : above));

/** Functions and their derivatives far below and far above 0, to float32's precision. */
const tails: readonly (readonly [name: string, build: Build, expected: readonly number[]])[] = [
  ...(
    [
      ['Sigmoid', 0, 0],
      ['Tanh', 0, 0],
      ['Erf', 0, 0],
      ['Softplus', 0, 1],
      ['Elu', 0, 1],
      ['Selu', 0, 1.05070102214813],
      ['Celu', 0, 1],
      ['HardSwish', 0, 1],
      ['HardSigmoid', 0, 0],
    ] as const
  ).map(([op, below, above]) => [op, (b: GraphBuilder) => b.add(op, ['x']), limits(below, above)] as const),
  ['SiLU, by composition', silu, limits(0, 1)],
  ['Mish, by composition', mish, limits(0, 1)],
  ['GELU, by composition', gelu, limits(0, 1)],
];

describe('the derivative far from 0 is finite and right, for', () => {
  it.each(tails)('%s', async (_name, build, expected) => {
    const found = await unaryGradientAt(huge, build);
    found.forEach((value, i) => expect(abs(value - expected[i]!)).toBeLessThan(1e-6));
  });
});
