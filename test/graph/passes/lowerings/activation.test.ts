import { describe, expect, it } from '@jest/globals';
import { float, GraphBuilder, string, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../../src/graph/ir.js';
import { upgradeOpset } from '../../../../src/graph/passes/upgrade-opset.js';
import { floatTensor } from '../../../../src/tensor/tensor.js';
import { ops, run } from '../../../fixtures/engine.js';
import { erf } from '../../../reference/elementwise.js';
import { cotangentOf, engine, gradientGraph } from '../../autodiff/gradient-check.js';

const { exp, log1p, tanh, sqrt, PI } = Math;
const sigmoid = (x: number): number => 1 / (1 + exp(-x));

/** The operators as the ONNX specification defines them. */
const activations: readonly (readonly [
  name: string,
  opset: number,
  op: string,
  attributes: Attributes,
  f: (x: number) => number,
])[] = [
  ['Gelu', 20, 'Gelu', {}, (x) => 0.5 * x * (1 + erf(x / sqrt(2)))],
  ['Gelu, spelt out', 20, 'Gelu', { approximate: string('none') }, (x) => 0.5 * x * (1 + erf(x / sqrt(2)))],
  [
    'Gelu by tanh',
    20,
    'Gelu',
    { approximate: string('tanh') },
    (x) => 0.5 * x * (1 + tanh(sqrt(2 / PI) * (x + 0.044715 * x ** 3))),
  ],
  ['Mish', 18, 'Mish', {}, (x) => x * tanh(log1p(exp(-Math.abs(x))) + Math.max(x, 0))],
  ['Swish', 24, 'Swish', {}, (x) => x * sigmoid(x)],
  ['Swish with alpha', 24, 'Swish', { alpha: float(1.75) }, (x) => x * sigmoid(1.75 * x)],
];

const graphOf = (opset: number, op: string, attributes: Attributes): Graph => {
  const builder = new GraphBuilder({ name: op, opsets: { '': opset } });
  builder.addNamed(op, [builder.input('x', 'float32', [BATCH])], 'y', attributes);
  builder.output('y', 'float32', [BATCH]);
  return upgradeOpset(builder.build());
};

const xs = [-1e4, -100, -20, -7, -3, -1, -0.1, 0, 0.1, 1, 3, 7, 20, 100, 1e4];
const x = floatTensor(Float32Array.from(xs), [xs.length]);
const slopeOf = (f: (at: number) => number, at: number): number => (f(at + 1e-5) - f(at - 1e-5)) / 2e-5;

describe('an activation of a later operator set, written in 17,', () => {
  it.each(activations)('has the values of %s', async (_name, opset, op, attributes, f) => {
    const graph = graphOf(opset, op, attributes);
    const { data } = (await run(graph, { x }))['y']!;
    expect(graph.opsets).toEqual({ '': 17 });
    expect(ops(graph)).not.toContain(op);
    xs.forEach((at, i) =>
      expect(Math.abs(Number(data[i]) - f(at))).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(at))),
    );
  });

  it.each(activations)(
    'has the derivative of %s, up to arguments of 1e4',
    async (_name, opset, op, attributes, f) => {
      const { graph, gradients } = await gradientGraph(graphOf(opset, op, attributes), ['x']);
      const session = await engine.compile(graph);
      const ones = floatTensor(new Float32Array(xs.length).fill(1), [xs.length]);
      const { data } = (await session.run({ x, [cotangentOf('y')]: ones }))[gradients.get('x')!]!;
      await session.release();
      xs.forEach((at, i) => expect(Math.abs(Number(data[i]) - slopeOf(f, at))).toBeLessThanOrEqual(1e-5));
    },
  );
});
