import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadModel } from '../../../src/models/load.js';
import { openModel } from '../../../src/models/model-file.js';
import { resolveModel } from '../../../src/models/reference.js';
import { engine } from '../../classifier/loaded.js';
import { ops } from '../../fixtures/engine.js';
import { convolution } from './graph-cases/graph-case.js';
import { attribute, GraphFile, inTfjs } from './graph-file.js';
import { write, type SavedModel } from './saved.js';
import { agreement, expectAgreement, graphOf, ofClassifier, ofTfjs, question } from './witness.js';

type Json = Record<string, unknown>;

const { flag, integer, type, word, words } = attribute;
const fused = { fused_ops: words('BiasAdd', 'Elu'), num_args: integer(1) };

/** A network as TensorFlow.js's converter writes it: strides, depthwise and pointwise convolutions, a dense layer. */
function network(graph: GraphFile): string {
  const stem = graph.add('_FusedConv2D', ['x', graph.floats([3, 3, 3, 4]), graph.floats([4])], {
    ...convolution('SAME', 2),
    ...fused,
  });
  const filters = graph.floats([3, 3, 4, 1]);
  const each = graph.add('FusedDepthwiseConv2dNative', [stem, filters, graph.floats([4])], {
    ...convolution(),
    ...fused,
  });
  const sum = graph.add('AddV2', [
    stem,
    graph.add('Conv2D', [each, graph.floats([1, 1, 4, 4])], convolution()),
  ]);
  const flat = graph.add('Reshape', [sum, graph.integers([-1, 4 * 4 * 4])]);
  return graph.add('_FusedMatMul', [flat, graph.floats([64, 5]), graph.floats([5])], {
    ...{
      fused_ops: words('BiasAdd'),
      num_args: integer(1),
      transpose_a: flag(false),
      transpose_b: flag(false),
    },
  });
}

const load = async (path: string) => loadModel(await resolveModel(path), engine);

/** The nodes of a file changed. */
const withNodes = (file: SavedModel, change: (nodes: Json[]) => Json[]): SavedModel => ({
  ...file,
  topology: { node: change(structuredClone((file.topology as { node: Json[] }).node)) },
});

describe('a graph model', () => {
  it('has the logits and gradients, as attacks see them, that TensorFlow.js gives it, its Softmax left out', async () => {
    const graph = new GraphFile([8, 8, 3]);
    const scores = network(graph);
    const below = await inTfjs(graph.file(scores));
    const file = graph.file(graph.add('Softmax', [scores]));
    const loaded = await load(write(file, 2));
    expect(loaded).toMatchObject({
      ...{ softmaxRemoved: true, numClasses: 5, logits: scores },
      input: { shape: [8, 8, 3], layout: 'NHWC', bounds: [0, 1] },
    });
    const asked = question([8, 8, 3], 5);
    expectAgreement(agreement(await ofClassifier(loaded, asked), ofTfjs(below, asked), asked));
  });

  it('moves axes once, and names values after its nodes, in whatever order these are', () => {
    const graph = new GraphFile([8, 8, 3]);
    const file = graph.file(network(graph));
    const [forward, backward] = [file, withNodes(file, (nodes) => nodes.toReversed())].map((one) =>
      graphOf(write(one)),
    );
    expect(ops(forward!)).toEqual([
      ...['Transpose', 'Conv', 'Elu', 'Conv', 'Elu', 'Conv', 'Add', 'Flatten', 'Gemm'],
    ]);
    expect(backward!.nodes.map(({ outputs }) => outputs)).toEqual(
      forward!.nodes.map(({ outputs }) => outputs),
    );
    const nodes = (file.topology as { node: Json[] }).node.map(({ name }) => name);
    const named = forward!.nodes.map(({ name }) => name).filter((name) => !name.includes('/'));
    expect(named).toHaveLength(6);
    expect(nodes).toEqual(expect.arrayContaining(named));
  });

  it('is asked for what its signature says, or its older place does, or for what no node reads', () => {
    const graph = new GraphFile([6]);
    const [first, second] = ['Tanh', 'Sigmoid'].map((op) => graph.add(op, ['x'])) as [string, string];
    const { json, ...file } = graph.file(first);
    const outputsOf = (beside: object): string[] =>
      graphOf(write({ ...file, json: beside })).outputs.map(({ name }) => name);
    expect(outputsOf(json)).toEqual([first]);
    const { signature } = json;
    expect(outputsOf({ format: 'graph-model', userDefinedMetadata: { signature } })).toEqual([first]);
    expect(outputsOf({})).toEqual([first, second]);
  });

  it('whose input is open takes its shape from the card', async () => {
    const graph = new GraphFile([-1, -1, 3]);
    const mean = graph.add('Mean', ['x', graph.integers([1, 2])], { keep_dims: flag(false) });
    const path = write(graph.file(mean));
    expect(() => openModel(path).graph()).toThrow(refusal('MODEL_INVALID', 'leaves its shape open'));
    expect(() => openModel(path).graph([4, 4, 1])).toThrow(
      refusal('CARD_INVALID', 'input.shape is [4, 4, 1]'),
    );
    writeFileSync(
      path.replace('model.json', 'model.card.json'),
      JSON.stringify({ schemaVersion: 1, input: { shape: [4, 5, 3] } }),
    );
    expect((await load(path)).input.shape).toEqual([4, 5, 3]);
  });
});

const refusal = (key: string, message: string) =>
  expect.objectContaining({ key, message: expect.stringContaining(message) as unknown });

describe('a graph model is refused, naming node and operation,', () => {
  const read = (build: (graph: GraphFile) => string, shape = [6, 6, 4]) => {
    const graph = new GraphFile(shape);
    const path = write(graph.file(build(graph)));
    return () => openModel(path).graph();
  };

  it('for an operation that is unknown, with the likeliest one', () => {
    expect(read((graph) => graph.add('NonMaxSuppressionV3', ['x']))).toThrow(
      refusal('LAYER_UNSUPPORTED', 'node "NonMaxSuppressionV3_1" is of operation NonMaxSuppressionV3, which'),
    );
    expect(read((graph) => graph.add('MaxPol', ['x']))).toThrow(
      refusal('LAYER_UNSUPPORTED', 'did you mean "MaxPool"?'),
    );
    expect(read((graph) => graph.add('constructor', ['x']))).toThrow(
      refusal('LAYER_UNSUPPORTED', 'operation constructor'),
    );
  });

  it.each<[what: string, build: (graph: GraphFile) => string, message: string]>([
    ['channels first', (g) => g.add('MaxPool', ['x'], { data_format: word('NCHW') }), 'data_format is NCHW'],
    [
      'normalization over the batch',
      (g) =>
        g.add('FusedBatchNormV3', ['x', ...[1, 2, 3, 4].map(() => g.floats([4]))], {
          is_training: flag(true),
        }),
      'is_training is true',
    ],
    [
      'a mean over the batch',
      (g) => g.add('Mean', ['x', g.integers([0, 1])]),
      'axis 0 must be one of an example',
    ],
    [
      'moving the batch',
      (g) => g.add('Transpose', ['x', g.integers([3, 1, 2, 0])]),
      'it moves the batch axis',
    ],
    [
      'a part of the batch',
      (g) => g.add('Slice', ['x', g.integers([1, 0, 0, 0]), g.integers([1, 6, 6, 4])]),
      'every example',
    ],
    [
      'examples that are mixed',
      (g) => g.add('Reshape', ['x', g.integers([-1, 4])]),
      'does not keep examples apart',
    ],
    [
      'rows that become other examples',
      (g) => g.add('Reshape', [g.add('Reshape', ['x', g.integers([-1, 4])]), g.integers([-1, 9, 16])]),
      'of rows that were [6, 6, 4] per example',
    ],
    [
      'rows that are combined with a constant',
      (g) => g.add('Mul', [g.add('Reshape', ['x', g.integers([-1, 4])]), g.floats([4])]),
      'between Reshape to rows and back',
    ],
    [
      'a size that is not there',
      (g) => g.add('Reshape', ['x', g.add('GatherV2', [g.add('Shape', ['x']), g.integers([4])])]),
      'it reaches beyond the end',
    ],
    [
      'a transposed convolution to another size',
      (g) =>
        g.add(
          'Conv2DBackpropInput',
          [g.integers([-1, 9, 9, 2]), g.floats([3, 3, 2, 4]), 'x'],
          convolution('SAME', 2),
        ),
      'it makes [9, 9] of [6, 6]',
    ],
    [
      'a filter that is computed',
      (g) => g.add('Conv2D', ['x', 'x'], convolution()),
      'input 1 must be a constant',
    ],
    [
      'shapes that do not fit',
      (g) => g.add('Mul', ['x', g.floats([5])]),
      'cannot combine [6, 6, 4] and [1, 1, 5]',
    ],
    [
      'symmetric padding',
      (g) =>
        g.add('MirrorPad', ['x', g.integers([0, 0, 1, 1, 1, 1, 0, 0], [4, 2])], { mode: word('SYMMETRIC') }),
      'mode is SYMMETRIC',
    ],
    [
      'blocks without a convolution',
      (g) => g.add('BatchToSpaceND', ['x', g.integers([2, 2]), g.integers([0, 0, 0, 0], [2, 2])]),
      'one SpaceToBatchND before it',
    ],
    [
      'anything else between blocks',
      (g) =>
        g.add(
          'MaxPool',
          [g.add('SpaceToBatchND', ['x', g.integers([2, 2]), g.integers([0, 0, 0, 0], [2, 2])])],
          convolution(),
        ),
      'between SpaceToBatchND and BatchToSpaceND are',
    ],
    [
      'numbers made of shapes',
      (g) => g.add('Cast', [g.add('Shape', ['x'])], { DstT: type('DT_FLOAT') }),
      'casts between',
    ],
    [
      'an output that is not there',
      (g) => g.add('Tanh', [`${g.add('Tanh', ['x'])}:1`]),
      'output 1 of node "Tanh_1"',
    ],
  ])('for %s', (_what, build, message) => {
    expect(read(build)).toThrow(refusal('LAYER_UNSUPPORTED', message));
  });

  it('for a node that is missing, a constant without value, and a circle', () => {
    const graph = new GraphFile([6]);
    const constant = graph.floats([6]);
    const sum = graph.add('AddV2', ['x', constant]);
    const file = graph.file(graph.add('Tanh', [sum]));
    const reading = (changed: SavedModel) => () => openModel(write(changed)).graph();
    expect(reading(withNodes(file, (nodes) => nodes.filter(({ name }) => name !== sum)))).toThrow(
      refusal('MODEL_INVALID', `node "${sum}" is used, but is not in the graph`),
    );
    expect(reading({ ...file, weightSpecs: [], weightData: new Uint8Array(0) })).toThrow(
      refusal('MODEL_INVALID', `node "${constant}" (Const): its value is not in weightsManifest`),
    );
    const circle = withNodes(file, (nodes) =>
      nodes.map((node) => (node['name'] === sum ? { ...node, input: ['x', 'Tanh_3'] } : node)),
    );
    expect(reading(circle)).toThrow(refusal('MODEL_INVALID', 'depends on its own result'));
    expect(reading(withNodes(file, (nodes) => [...nodes, { name: 'odd' }]))).toThrow(
      refusal('MODEL_INVALID', 'a node must have a name, an op and inputs, received {"name":"odd"}'),
    );
  });
});
