import { describe, expect, it } from '@jest/globals';
import type { GraphBuilder } from '../../../src/graph/builder.js';
import { gradientAt, unaryGradientAt } from './gradient-at.js';

type Build = (builder: GraphBuilder) => string;

const pow =
  (exponent: number): Build =>
  (b) =>
    b.add('Pow', ['x', b.scalar(exponent)]);

/** Functions, and points at which their derivative is infinite or overflows. */
const poles: readonly (readonly [name: string, build: Build, at: readonly number[]])[] = [
  ...(
    [
      ['Sqrt', [0]],
      ['Log', [0, -1]],
      ['Reciprocal', [0]],
      ['Exp', [89, 1e4]],
      ['Sinh', [100, -100, 1e4]],
      ['Cosh', [100, -100, 1e4]],
      ['Asin', [-1, 1]],
      ['Acos', [-1, 1]],
      ['Acosh', [1]],
      ['Atanh', [-1, 1]],
    ] as const
  ).map(([op, at]) => [op, (b: GraphBuilder) => b.add(op, ['x']), at] as const),
  ...[0.5, 0.3, -0.5, -1, -2].map((p) => [`Pow with exponent ${p}`, pow(p), [0]] as const),
];

describe('a branch that Where does not take', () => {
  it.each(poles)('leaves the gradient of the other alone, for %s at its poles', async (_name, build, at) => {
    const found = await unaryGradientAt(at, (b) => {
      const never = b.add('Less', ['x', b.scalar(-1e30)]);
      return b.add('Where', [never, build(b), b.add('Mul', ['x', b.scalar(3)])]);
    });
    expect(found).toEqual(at.map(() => 3));
  });

  it('may be a power with a variable exponent', async () => {
    const inputs = { x: { dims: [1, 2], values: [0, 0] }, p: { dims: [1, 2], values: [0.5, -1] } };
    const found = await gradientAt(
      inputs,
      (b) => b.add('Where', [b.add('Less', ['x', b.scalar(-1)]), b.add('Pow', ['x', 'p']), 'x']),
      [1, 2],
    );
    expect(found).toEqual({ x: [1, 1], p: [0, 0] });
  });

  it('may be the exponential of an ELU written with Where', async () => {
    const found = await unaryGradientAt([1e4, 100, 1, -1e4], (b) => {
      const decay = b.add('Sub', [b.add('Exp', ['x']), b.scalar(1)]);
      return b.add('Where', [b.add('Greater', ['x', b.scalar(0)]), 'x', decay]);
    });
    expect(found).toEqual([1, 1, 1, 0]);
  });

  it('may be a softplus written with Log and Exp', async () => {
    const found = await unaryGradientAt([1e4, 100, -1e4], (b) => {
      const sum = b.add('Add', [b.add('Exp', ['x']), b.scalar(1)]);
      return b.add('Where', [b.add('Greater', ['x', b.scalar(20)]), 'x', b.add('Log', [sum])]);
    });
    expect(found).toEqual([1, 1, 0]);
  });
});

describe('the gradient at a pole', () => {
  it('of a norm written as a square root is 0 at the origin', async () => {
    const found = await unaryGradientAt([0, 3], (b) => b.add('Sqrt', [b.add('Mul', ['x', 'x'])]));
    expect(found).toEqual([0, 1]);
  });

  it.each(['Sqrt', 'Log'])('of %s points upwards', async (op) => {
    const [slope] = await unaryGradientAt([0], (b) => b.add(op, ['x']));
    expect(slope).toBeGreaterThan(1e37);
  });

  it('of a quotient is infinite, as in PyTorch', async () => {
    const found = await unaryGradientAt([0, 2], (b) => b.add('Div', [b.scalar(1), 'x']));
    expect(found).toEqual([-Infinity, -0.25]);
  });
});
