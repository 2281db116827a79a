import { describe, expect, it } from '@jest/globals';
import { gradientAt } from './gradient-at.js';
import { randomOf } from './random.js';

/** The gradient in float64, from differences that do not cancel: the sums leave out the element itself. */
const exact: Readonly<Record<string, (logits: readonly number[], g: readonly number[]) => number[]>> = {
  Softmax: (logits, g) => {
    const p = probabilities(logits);
    return p.map((own, i) => own * p.reduce((sum, other, j) => sum + other * (g[i]! - g[j]!), 0));
  },
  LogSoftmax: (logits, g) => {
    const p = probabilities(logits);
    return p.map((own, i) =>
      p.reduce((sum, other, j) => sum + (j === i ? 0 : other * g[i]! - own * g[j]!), 0),
    );
  },
};

function probabilities(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const terms = logits.map((logit) => Math.exp(logit - top));
  const total = terms.reduce((sum, term) => sum + term, 0);
  return terms.map((term) => term / total);
}

async function found(op: string, logits: readonly number[], g: readonly number[]): Promise<number[]> {
  const dims = [1, logits.length];
  return (await gradientAt({ x: { dims, values: logits } }, (b) => b.add(op, ['x']), dims, g))['x']!;
}

describe.each(Object.keys(exact))('the gradient of %s', (op) => {
  it.each([10, 14, 20, 30])(
    'keeps its relative precision with one logit %d above the others',
    async (margin) => {
      const logits = [0.25, margin, -1, 0.5];
      const g = [0.3, -1, 0.8, 2];
      const expected = exact[op]!(logits, g);
      const actual = await found(op, logits, g);
      expected.forEach((value, i) => {
        expect({ i, error: Math.abs(actual[i]! / value - 1) < 3e-6 }).toEqual({ i, error: true });
      });
    },
  );

  it.each([[[1e4, -1e4, 0, 9999]], [[-1e4, -1e4, -1e4, -1e4]], [[1e4, 1e4, -1e4, 0]]])(
    'is that of float64 for logits %p',
    async (logits) => {
      const g = [1, -2, 3, 0.5];
      const expected = exact[op]!(logits, g);
      const actual = await found(op, logits, g);
      actual.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6));
    },
  );

  it('sums to zero, as moving all logits changes nothing', async () => {
    const random = randomOf(3);
    const logits = Array.from({ length: 50 }, () => 4 * random.normal());
    const gradient = await found(
      op,
      logits,
      logits.map(() => random.normal()),
    );
    const total = gradient.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(total)).toBeLessThan(1e-6);
  });
});
