import { describe, expect, it } from '@jest/globals';
import { float, GraphBuilder, int, type Attributes } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { foldBatchNormalization } from '../../../src/graph/passes/fold-batch-normalization.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { difference, ops } from '../../fixtures/engine.js';
import { randomTensor } from '../../fixtures/graphs.js';

/** float32 rounding of a handful of terms, relative to the largest output. */
const TOLERANCE = 1e-6;

const positive = (seed: number, count: number) =>
  floatTensor(
    randomTensor(seed, [count]).data.map((value) => value + 1.5),
    [count],
  );

function normalized(
  builder: GraphBuilder,
  value: string,
  channels: number,
  attributes: Attributes = {},
): string {
  const statistics = [
    builder.initializer('scale', randomTensor(1, [channels], 2)),
    builder.initializer('shift', randomTensor(2, [channels])),
    builder.initializer('mean', randomTensor(3, [channels])),
    builder.initializer('variance', positive(4, channels)),
  ];
  return builder.add('BatchNormalization', [value, ...statistics], attributes);
}

function convolution(bias: boolean, attributes: Attributes = {}, opset = 17): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': opset } });
  const x = builder.input('x', 'float32', [BATCH, 4, 6, 6]);
  const weights = [builder.initializer('w', randomTensor(5, [6, 2, 3, 3]))];
  if (bias) weights.push(builder.initializer('b', randomTensor(6, [6])));
  const conv = builder.add('Conv', [x, ...weights], { group: int(2) });
  builder.addNamed('Relu', [normalized(builder, conv, 6, attributes)], 'y');
  builder.output('y', 'float32', [BATCH, 6, 4, 4]);
  return builder.build();
}

function dense(
  attributes: Attributes,
  weight: readonly number[],
  bias: readonly number[] | undefined,
): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, 3]);
  const inputs = [x, builder.initializer('w', randomTensor(5, weight))];
  if (bias !== undefined) inputs.push(builder.initializer('b', randomTensor(6, bias)));
  builder.addNamed('Relu', [normalized(builder, builder.add('Gemm', inputs, attributes), 5)], 'y');
  builder.output('y', 'float32', [BATCH, 5]);
  return builder.build();
}

async function expectFolded(graph: Graph, left: readonly string[]): Promise<void> {
  const folded = foldBatchNormalization(graph);
  expect(ops(folded)).toEqual(left);
  expect(await difference(folded, graph)).toBeLessThanOrEqual(TOLERANCE);
}

describe('foldBatchNormalization', () => {
  it.each([
    ['without bias', convolution(false)],
    ['with bias', convolution(true)],
    ['with another epsilon', convolution(true, { epsilon: float(0.1) })],
    ['of an older operator set', convolution(true, {}, 9)],
  ])('folds into a grouped convolution %s', (_name, graph) => expectFolded(graph, ['Conv', 'Relu']));

  it.each([
    ['plain', dense({}, [3, 5], [5])],
    ['with transposed weights', dense({ transB: int(1) }, [5, 3], [5])],
    ['without bias', dense({}, [3, 5], undefined)],
    ['with alpha and beta', dense({ alpha: float(0.5), beta: float(-2) }, [3, 5], [1, 5])],
    ['with a scalar bias', dense({}, [3, 5], [1])],
  ])('folds into a dense layer, %s', (_name, graph) => expectFolded(graph, ['Gemm', 'Relu']));

  it('leaves no weights behind that nothing reads', () =>
    expect(foldBatchNormalization(convolution(true)).initializers.size).toBe(2));

  it('leaves a normalization whose input another node reads', () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [BATCH, 3]);
    const linear = builder.add('Gemm', [x, builder.initializer('w', randomTensor(5, [3, 5]))]);
    builder.addNamed('Add', [normalized(builder, linear, 5), linear], 'y');
    builder.output('y', 'float32', [BATCH, 5]);
    const graph = builder.build();
    expect(foldBatchNormalization(graph)).toBe(graph);
  });

  it('leaves a normalization whose input is an output', () => {
    const graph = convolution(true);
    const shown = { name: graph.nodes[0]!.outputs[0]!, type: 'float32', dims: [BATCH, 6, 4, 4] } as const;
    const both = { ...graph, outputs: [...graph.outputs, shown] };
    expect(foldBatchNormalization(both)).toBe(both);
  });

  it('leaves a normalization in training and one that follows no linear layer', () => {
    const training = convolution(true, { training_mode: int(1) });
    expect(foldBatchNormalization(training)).toBe(training);
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    const relu = builder.add('Relu', [builder.input('x', 'float32', [BATCH, 5])]);
    builder.output(normalized(builder, relu, 5), 'float32', [BATCH, 5]);
    const alone = builder.build();
    expect(foldBatchNormalization(alone)).toBe(alone);
  });

  it('folds weights shared by two layers into each on its own', async () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [BATCH, 5]);
    const w = builder.initializer('w', randomTensor(5, [5, 5]));
    const first = normalized(builder, builder.add('Gemm', [x, w]), 5);
    const second = builder.add('Gemm', [first, w]);
    builder.output(second, 'float32', [BATCH, 5]);
    await expectFolded(builder.build(), ['Gemm', 'Gemm']);
  });
});
