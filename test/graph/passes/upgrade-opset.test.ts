import { describe, expect, it } from '@jest/globals';
import { float, GraphBuilder, int, ints, string, type Attributes } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { differentiate } from '../../../src/graph/autodiff/differentiate.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { beyondOpset, upgradeOpset } from '../../../src/graph/passes/upgrade-opset.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { difference, ops, run } from '../../fixtures/engine.js';
import { randomCnn, randomTensor } from '../../fixtures/graphs.js';

const ROWS = [BATCH, 2, 4, 4];

/** A graph of one operator, output of undeclared shape. */
function single(
  opset: number,
  op: string,
  attributes: Attributes = {},
  others: (builder: GraphBuilder) => string[] = () => [],
  dims: readonly (number | string)[] = ROWS,
): Graph {
  const builder = new GraphBuilder({ name: op, opsets: { '': opset } });
  const x = builder.input('x', 'float32', dims);
  builder.addNamed(op, [x, ...others(builder)], 'y', attributes);
  return { ...builder.build(), outputs: [{ name: 'y', type: 'float32', dims: [], undeclared: 'shape' }] };
}

const weight =
  (dims: readonly number[], seed = 1) =>
  (builder: GraphBuilder): string =>
    builder.initializer('w', randomTensor(seed, dims));

const indices = (builder: GraphBuilder): string =>
  builder.initializer('i', { type: 'int64', dims: [1, 1, 1, 1], data: BigInt64Array.of(1n) });

async function expectUpgraded(graph: Graph): Promise<Graph> {
  const upgraded = upgradeOpset(graph);
  expect(upgraded.opsets).toEqual({ '': 17 });
  expect(upgraded.outputs).toEqual(graph.outputs);
  // Same operators underneath: the same float32 result, but for another order of summation.
  expect(await difference(upgraded, graph)).toBeLessThanOrEqual(1e-6);
  return upgraded;
}

describe('upgradeOpset computes the same after raising', () => {
  const largest = Number(2n ** 63n - 1n);
  const cases: [string, Graph][] = [
    ['Clip of 10 with bounds', single(10, 'Clip', { min: float(-0.5), max: float(0.25) })],
    ['Clip of 7 with a lower bound', single(7, 'Clip', { min: float(0) })],
    ['Clip of 7 with an upper bound', single(7, 'Clip', { max: float(0.1) })],
    ['Dropout of 7', single(7, 'Dropout', { ratio: float(0.9) })],
    ['ReduceSum of 11 over axes', single(11, 'ReduceSum', { axes: ints([1, -1]), keepdims: int(0) })],
    ['ReduceSum of 11 over everything', single(11, 'ReduceSum', { keepdims: int(1) })],
    ['ReduceMean of 11', single(11, 'ReduceMean', { axes: ints([2, 3]) })],
    ['Squeeze of 11', single(11, 'Squeeze', { axes: ints([1]) }, undefined, [BATCH, 1, 4])],
    ['Squeeze of 9 without axes', single(9, 'Squeeze', {}, undefined, [BATCH, 1, 4])],
    ['Unsqueeze of 11', single(11, 'Unsqueeze', { axes: ints([0, 2]) })],
    ['Pad of 9 with a value', single(9, 'Pad', { pads: ints([0, 0, 1, 2, 0, 0, 2, 1]), value: float(0.5) })],
    [
      'Pad of 9, reflecting',
      single(9, 'Pad', { pads: ints([0, 0, 1, 1, 0, 0, 1, 1]), mode: string('reflect') }),
    ],
    ['Slice of 9', single(9, 'Slice', { starts: ints([0, 1]), ends: ints([1, -1]), axes: ints([1, 3]) })],
    [
      'Slice of 9 to the end',
      single(9, 'Slice', { starts: ints([1]), ends: ints([largest]), axes: ints([2]) }),
    ],
    ['Slice of 9 without axes', single(9, 'Slice', { starts: ints([0, 1]), ends: ints([2, 2]) })],
    ['Softmax of 9 on a matrix', single(9, 'Softmax', { axis: int(1) }, undefined, [BATCH, 6])],
    ['Softmax of 9 over three axes', single(9, 'Softmax', { axis: int(1) })],
    ['Softmax of 9 without axis', single(9, 'Softmax')],
    ['Softmax of 11 over the last axis', single(11, 'Softmax', { axis: int(-1) })],
    ['LogSoftmax of 12 over two axes', single(12, 'LogSoftmax', { axis: int(2) })],
    [
      'BatchNormalization of 7',
      single(7, 'BatchNormalization', { epsilon: float(1e-3) }, (builder) => [
        ...[1, 2, 3].map((seed) => weight([2], seed)(builder)),
        builder.initializer('variance', floatTensor(Float32Array.of(0.5, 2), [2])),
      ]),
    ],
    ['Upsample of 7', single(7, 'Upsample', { scales: { type: 'floats', value: [1, 1, 2, 2] } })],
    [
      'Upsample of 9, linear',
      single(9, 'Upsample', { mode: string('linear') }, (builder) => [
        builder.initializer('scales', floatTensor(Float32Array.of(1, 1, 2, 1.5), [4])),
      ]),
    ],
    [
      'Resize of 10, enlarging',
      single(10, 'Resize', {}, (builder) => [
        builder.initializer('scales', floatTensor(Float32Array.of(1, 1, 2.5, 2), [4])),
      ]),
    ],
    [
      'Resize of 10, linear',
      single(10, 'Resize', { mode: string('linear') }, (builder) => [
        builder.initializer('scales', floatTensor(Float32Array.of(1, 1, 0.5, 2), [4])),
      ]),
    ],
    [
      'Resize of 10, shrinking',
      single(10, 'Resize', {}, (builder) => [
        builder.initializer('scales', floatTensor(Float32Array.of(1, 1, 0.5, 0.75), [4])),
      ]),
    ],
    [
      'Scatter of 9',
      single(9, 'Scatter', { axis: int(1) }, (builder) => [indices(builder), weight([1, 1, 1, 1])(builder)]),
    ],
    ['MaxPool of 7', single(7, 'MaxPool', { kernel_shape: ints([2, 2]), strides: ints([2, 2]) })],
    [
      'AveragePool of 7 with padding',
      single(7, 'AveragePool', { kernel_shape: ints([3, 3]), pads: ints([1, 1, 1, 1]) }),
    ],
    [
      'Gemm of 7',
      single(7, 'Gemm', { transB: int(1) }, (builder) => [weight([3, 5])(builder), weight([3])(builder)], [
        BATCH,
        5,
      ]),
    ],
    ['Transpose of 7', single(7, 'Transpose', { perm: ints([0, 2, 3, 1]) })],
    ['a convolutional network of 8', randomCnn(3, 8)],
  ];
  it.each(cases)('%s', async (_name, graph) => {
    await expectUpgraded(graph);
  });

  it('Split and TopK of 9', async () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 9 } });
    const x = builder.input('x', 'float32', [BATCH, 6]);
    const [a, b] = builder.addMany('Split', [x], 2, { axis: int(1), split: ints([2, 4]) }) as [
      string,
      string,
    ];
    const [top] = builder.addMany('TopK', [b], 2, { axis: int(1), k: int(2) }) as [string, string];
    builder.addNamed('Add', [a, top], 'y');
    builder.output('y', 'float32', [BATCH, 2]);
    await expectUpgraded(builder.build());
  });

  it('needs no reshaping for a softmax over the last axis of a matrix', () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 9 } });
    const x = builder.input('x', 'float32', ROWS);
    const logits = builder.add('Gemm', [builder.add('Flatten', [x]), weight([32, 3])(builder)]);
    builder.addNamed('Softmax', [logits], 'y');
    builder.output('y', 'float32', [BATCH, 3]);
    expect(ops(upgradeOpset(builder.build()))).toEqual(['Flatten', 'Gemm', 'Softmax']);
  });

  it('operators inside the branches of an If', async () => {
    const branch = (name: string, min: number) => {
      const body = new GraphBuilder({ name, opsets: { '': 10 } });
      body.addNamed('Clip', ['x'], `clipped_${name}`, { min: float(min) });
      return {
        type: 'graph',
        value: { ...body.build(), outputs: [{ name: `clipped_${name}`, type: 'float32', dims: [BATCH, 2] }] },
      } as const;
    };
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 10 } });
    builder.input('x', 'float32', [BATCH, 2]);
    const condition = builder.initializer('condition', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    builder.addNamed('If', [condition], 'y', { then_branch: branch('a', 0), else_branch: branch('b', 0.5) });
    builder.output('y', 'float32', [BATCH, 2]);
    await expectUpgraded(builder.build());
  });
});

describe('upgradeOpset reads the broadcasting of sets before 7', () => {
  const old = (attributes: Attributes, dims: readonly number[]): Graph =>
    single(6, 'Mul', attributes, (builder) => [weight(dims)(builder)]);
  const x = randomTensor(4, [2, 2, 4, 4]);
  const y = async (graph: Graph): Promise<Float32Array> =>
    (await run(upgradeOpset(graph), { x }))['y']!.data as Float32Array;

  it('aligned at an axis', async () => {
    const w = randomTensor(1, [2]).data;
    const expected = x.data.map((value, i) => Math.fround(value * w[Math.floor(i / 16) % 2]!));
    expect(await y(old({ broadcast: int(1), axis: int(1) }, [2]))).toEqual(expected);
  });

  it('aligned at the end', async () => {
    const w = randomTensor(1, [4]).data;
    const expected = x.data.map((value, i) => Math.fround(value * w[i % 4]!));
    expect(await y(old({ broadcast: int(1) }, [4]))).toEqual(expected);
    expect(await y(old({ broadcast: int(1), axis: int(-1) }, [4]))).toEqual(expected);
  });

  it('and refuses what it cannot align, naming the node', () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 6 } });
    const odd = builder.add('Odd', [builder.input('x', 'float32', ROWS)], {}, 'custom');
    builder.addNamed('Mul', [odd, weight([2])(builder)], 'y', { broadcast: int(1), axis: int(1) });
    builder.output('y', 'float32', ROWS);
    expect(() => upgradeOpset(builder.build())).toThrow(/node "Mul" \(Mul of operator set 6\)/);
  });
});

describe('upgradeOpset brings newer sets down to 17', () => {
  const axes = (values: number[]) => (builder: GraphBuilder) => [builder.ints(values)];
  const cases: [string, Graph][] = [
    ['ReduceMean of 18', single(18, 'ReduceMean', { keepdims: int(0) }, axes([2, 3]))],
    ['ReduceMax of 20 over everything', single(20, 'ReduceMax')],
    [
      'ReduceL2 of 18 with the default spelt out',
      single(18, 'ReduceL2', { noop_with_empty_axes: int(0) }, axes([1])),
    ],
    ['Gelu of 20', single(20, 'Gelu')],
    ['Gelu of 20 by tanh', single(20, 'Gelu', { approximate: string('tanh') })],
    ['Mish of 18', single(18, 'Mish')],
    [
      'AveragePool of 19 with dilations of 1',
      single(19, 'AveragePool', { kernel_shape: ints([2, 2]), dilations: ints([1, 1]) }),
    ],
    ['Pad of 18', single(18, 'Pad', {}, (builder) => [builder.ints([0, 0, 1, 1, 0, 0, 1, 1])])],
    ['Cast of 19', single(19, 'Cast', { to: int(1), saturate: int(1) })],
    [
      'Resize of 19 without antialiasing',
      single(19, 'Resize', { antialias: int(0), mode: string('linear') }, (builder) => [
        '',
        builder.initializer('scales', floatTensor(Float32Array.of(1, 1, 2, 2), [4])),
      ]),
    ],
    ['a convolutional network of 21', randomCnn(3, 21)],
  ];
  it.each(cases)('%s', async (_name, graph) => {
    await expectUpgraded(graph);
  });

  const without17: [string, Graph][] = [
    [
      'a reduction over axes that are computed',
      single(18, 'ReduceMean', {}, (b) => [b.input('axes', 'int64', [1])]),
    ],
    [
      'a Scatter of maxima',
      single(18, 'ScatterElements', { reduction: string('max') }, (b) => [
        indices(b),
        weight([1, 1, 1, 1])(b),
      ]),
    ],
    ['DeformConv', single(19, 'DeformConv', {}, (b) => [weight([1, 2, 1, 1])(b), weight([1])(b)])],
  ];
  it.each(without17)('but returns a graph with %s as it is', (_name, graph) =>
    expect(upgradeOpset(graph)).toBe(graph),
  );
});

describe('upgradeOpset', () => {
  it('returns a graph of set 17 as it is', () => {
    const graph = randomCnn(1);
    expect(upgradeOpset(graph)).toBe(graph);
  });

  it('leaves operators of other domains and those without a rule unchanged', () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 9, custom: 2 } });
    const x = builder.input('x', 'float32', [BATCH, 2]);
    const clip = builder.add('Clip', [x], { min: float(0) }, 'custom');
    builder.addNamed('Hinge', [clip], 'y', { axis: int(1) });
    builder.output('y', 'float32', [BATCH, 2]);
    const graph = builder.build();
    expect(upgradeOpset(graph)).toEqual({ ...graph, opsets: { '': 17, custom: 2 } });
  });

  it('refuses normalization per element, which later sets do not have', () =>
    expect(() => upgradeOpset(single(8, 'BatchNormalization', { spatial: int(0) }))).toThrow(
      expect.objectContaining({ key: 'MODEL_INVALID' }),
    ));
});

describe('beyondOpset', () => {
  const resize = (attributes: Attributes, opset: number): Graph => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': opset } });
    const x = builder.input('x', 'float32', [BATCH, 1, 4, 4]);
    const scales = builder.initializer('scales', floatTensor(Float32Array.of(1, 1, 0.5, 0.5), [4]));
    builder.addNamed('Resize', [builder.add('Relu', [x]), '', scales], 'y', attributes);
    builder.output('y', 'float32', [BATCH, 1, 2, 2]);
    return builder.build();
  };
  const antialias: Attributes = { mode: string('linear'), antialias: int(1) };

  it('names the node of a later form that set 17 cannot say', () => {
    expect(beyondOpset(resize(antialias, 18))?.op).toBe('Resize');
  });

  it('finds nothing in a graph that can be lowered, or is no later', () => {
    expect(beyondOpset(resize({ mode: string('linear') }, 18))).toBeUndefined();
    expect(beyondOpset(resize({ mode: string('linear') }, 17))).toBeUndefined();
  });

  it('is what a gradient of such a graph is refused for', async () => {
    const graph = resize(antialias, 18);
    const shapes = await inferShapes(graph, run);
    const request = { cotangents: { y: 'y' }, withRespectTo: ['x'] };
    expect(() => differentiate(graph, shapes, request)).toThrow(
      /operator Resize .*operator set 17 has no such form of it/,
    );
  });
});
