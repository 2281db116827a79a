import { describe, expect, it } from '@jest/globals';
import { BATCH } from '../../../src/graph/ir.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { buildFunction, cotangentOf, engine, gradientGraph } from './gradient-check.js';

const points = [-80, -40, -20, -15, -9, 9, 15, 20, 40, 80];

/** exp(-|x|) / (1 + exp(-|x|))^2, without cancellation. */
const logistic = (x: number): number => Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2;

const derivatives: Readonly<Record<string, (x: number) => number>> = {
  Sigmoid: logistic,
  Tanh: (x) => 4 * logistic(2 * x),
  Softplus: (x) => 1 / (1 + Math.exp(-x)),
};

describe('the derivative keeps its relative precision where the function saturates, for', () => {
  it.each(Object.entries(derivatives))('%s', async (op, derivative) => {
    const inputs = { x: { dims: [BATCH] } };
    const forward = buildFunction({ name: op, inputs, build: (builder) => builder.add(op, ['x']) }, [], {});
    const { graph, gradients } = await gradientGraph(forward, ['x']);
    const session = await engine.compile(graph);
    // Below 1e-37 float32 leaves its normal range.
    const xs = points.filter((x) => derivative(x) > 1e-37);
    const results = await session.run({
      x: floatTensor(Float32Array.from(xs), [xs.length]),
      [cotangentOf(forward.outputs[0]!.name)]: floatTensor(new Float32Array(xs.length).fill(1), [xs.length]),
    });
    await session.release();
    const found = results[gradients.get('x')!]!.data as Float32Array;
    expect(xs.length).toBeGreaterThanOrEqual(8);
    xs.forEach((x, i) => expect(Math.abs(found[i]! / derivative(x) - 1)).toBeLessThan(1e-5));
  });
});
