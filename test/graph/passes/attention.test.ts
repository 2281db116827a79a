import { describe, expect, it } from '@jest/globals';
import { float, GraphBuilder, int, type Attributes } from '../../../src/graph/builder.js';
import { BATCH, type Dimension, type Graph } from '../../../src/graph/ir.js';
import { foldConstants } from '../../../src/graph/passes/fold-constants.js';
import { upgradeOpset } from '../../../src/graph/passes/upgrade-opset.js';
import { floatTensor, intTensor } from '../../../src/tensor/tensor.js';
import { difference, ops, run } from '../../fixtures/engine.js';
import { randomTensor } from '../../fixtures/graphs.js';
import { checkGradients } from '../autodiff/gradient-check.js';
import type { TestFunction } from '../autodiff/test-function.js';

type Shapes = Readonly<Record<string, readonly Dimension[]>>;

/** One node that reads the named inputs and what `others` adds. */
function single(
  op: string,
  inputs: Shapes,
  attributes: Attributes,
  others: (builder: GraphBuilder) => readonly string[] = () => [],
  opset = 23,
): Graph {
  const builder = new GraphBuilder({ name: op, opsets: { '': opset } });
  const names = Object.entries(inputs).map(([name, dims]) => builder.input(name, 'float32', dims));
  builder.addNamed(op, [...names, ...others(builder)], 'y', attributes);
  return { ...builder.build(), outputs: [{ name: 'y', type: 'float32', dims: [], undeclared: 'shape' }] };
}

const qkv = (
  [heads, keyHeads]: readonly [number, number],
  [length, keyLength]: readonly [number, number],
  [size, valueSize]: readonly [number, number] = [4, 4],
): Shapes => ({
  q: [BATCH, heads, length, size],
  k: [BATCH, keyHeads, keyLength, size],
  v: [BATCH, keyHeads, keyLength, valueSize],
});

const flat = (heads: number, keyHeads: number, length: number, keyLength: number): Shapes => ({
  q: [BATCH, length, heads * 4],
  k: [BATCH, keyLength, keyHeads * 4],
  v: [BATCH, keyLength, keyHeads * 4],
});

const floatMask =
  (...dims: number[]) =>
  (builder: GraphBuilder): string[] => [builder.initializer('mask', randomTensor(7, dims))];

/** Every query sees the first key, so that no row is masked as a whole. */
const boolMask =
  (...dims: number[]) =>
  (builder: GraphBuilder): string[] => {
    const [keys] = dims.slice(-1) as [number];
    const data = Uint8Array.from({ length: dims.reduce((product, dim) => product * dim, 1) }, (_, i) =>
      i % keys === 0 || (i * 7) % 3 === 0 ? 1 : 0,
    );
    return [builder.initializer('mask', { type: 'bool', dims, data })];
  };

const heads = (q: number, kv: number): Attributes => ({ q_num_heads: int(q), kv_num_heads: int(kv) });

const attentions: [string, Graph][] = [
  ['of four axes', single('Attention', qkv([2, 2], [3, 5]), {})],
  ['with a scale', single('Attention', qkv([2, 2], [3, 5]), { scale: float(0.3) })],
  ['with values of another size', single('Attention', qkv([2, 2], [3, 5], [4, 6]), {})],
  ['that looks back only', single('Attention', qkv([2, 2], [4, 4]), { is_causal: int(1) })],
  ['that looks back only, at more keys', single('Attention', qkv([2, 2], [3, 5]), { is_causal: int(1) })],
  ['with an added mask', single('Attention', qkv([2, 2], [3, 5]), {}, floatMask(3, 5))],
  ['with an added mask per head', single('Attention', qkv([2, 2], [3, 5]), {}, floatMask(1, 2, 3, 5))],
  ['with a truth mask', single('Attention', qkv([2, 2], [3, 5]), {}, boolMask(3, 5))],
  [
    'with a truth mask that looks back only',
    single('Attention', qkv([2, 2], [4, 4]), { is_causal: int(1) }, boolMask(1, 1, 4, 4)),
  ],
  ['with groups of heads', single('Attention', qkv([6, 2], [3, 5]), {}, floatMask(1, 6, 3, 5))],
  ['with one head of keys for all', single('Attention', qkv([4, 1], [3, 5]), {})],
  ['of three axes', single('Attention', flat(2, 2, 3, 5), heads(2, 2))],
  [
    'of three axes, with groups of heads, a scale and a mask',
    single(
      'Attention',
      flat(4, 2, 3, 3),
      { ...heads(4, 2), scale: float(0.7), is_causal: int(1) },
      boolMask(3, 3),
    ),
  ],
  ['of set 24', single('Attention', qkv([2, 2], [3, 5]), { is_causal: int(1) }, undefined, 24)],
];

const angles =
  (...dims: number[]) =>
  (builder: GraphBuilder): string[] => {
    const table = (name: string, of: (angle: number) => number): string =>
      builder.initializer(
        name,
        floatTensor(
          randomTensor(3, dims).data.map((a) => of(3 * a)),
          dims,
        ),
      );
    return [table('cos', Math.cos), table('sin', Math.sin)];
  };

/** The table of `angles`, and which of its rows belong to the positions of three examples. */
const lookedUp =
  (...dims: number[]) =>
  (builder: GraphBuilder): string[] => [
    ...angles(...dims)(builder),
    builder.initializer('ids', intTensor([0, 2, 1, 3, 3, 0, 4, 1, 2], [3, 3])),
  ];

const four = { x: [3, 2, 3, 8] };
const three = { x: [3, 3, 16] };

const rotations: [string, Graph][] = [
  ['of four axes', single('RotaryEmbedding', four, {}, angles(3, 3, 4))],
  ['of neighbours', single('RotaryEmbedding', four, { interleaved: int(1) }, angles(3, 3, 4))],
  ['of a part', single('RotaryEmbedding', four, { rotary_embedding_dim: int(4) }, angles(3, 3, 2))],
  [
    'of neighbours in a part',
    single('RotaryEmbedding', four, { rotary_embedding_dim: int(4), interleaved: int(1) }, angles(3, 3, 2)),
  ],
  ['by looked up angles', single('RotaryEmbedding', four, {}, lookedUp(5, 4))],
  ['of three axes', single('RotaryEmbedding', three, { num_heads: int(2) }, angles(3, 3, 4))],
  [
    'of three axes, of neighbours in a part, by looked up angles',
    single(
      'RotaryEmbedding',
      three,
      { num_heads: int(2), rotary_embedding_dim: int(6), interleaved: int(1) },
      lookedUp(5, 3),
    ),
  ],
];

describe.each([
  ['Attention', attentions],
  ['RotaryEmbedding', rotations],
])('%s, written in operator set 17', (op, cases) => {
  it.each(cases)('computes what ONNX Runtime computes: %s', async (_, graph) => {
    const lowered = upgradeOpset(graph);
    expect(lowered.opsets).toEqual({ '': 17 });
    expect(ops(lowered)).not.toContain(op);
    expect(await difference(lowered, graph)).toBeLessThanOrEqual(2e-6);
  });

  it.each(cases.map(([name, graph], seed) => ({ name, graph, seed })))(
    'passes gradients to every input: $name',
    async ({ graph, seed }) => {
      const folded = await foldConstants(upgradeOpset(graph), run);
      await checkGradients(asFunction(folded), 'variable weights', seed);
    },
  );
});

/** A graph of one output, its nodes to be added to another. */
const asFunction = (graph: Graph): TestFunction => ({
  name: graph.name,
  inputs: Object.fromEntries(graph.inputs.map(({ name, dims }) => [name, { dims }])),
  build: (builder) => {
    for (const [name, tensor] of graph.initializers) builder.initializer(name, tensor);
    for (const { op, inputs, outputs, attributes } of graph.nodes)
      builder.addNamed(op, inputs, outputs[0]!, attributes);
    return graph.outputs[0]!.name;
  },
});

describe('Attention stays as it is, and blocks, with', () => {
  const cases: [string, Attributes, (builder: GraphBuilder) => readonly string[]][] = [
    ['a soft cap', { softcap: float(5) }, () => []],
    [
      'a mask whose type the file does not tell',
      {},
      (builder) => [builder.add('Foo', ['q'], {}, 'some.domain')],
    ],
    [
      'cached keys',
      {},
      (builder) => ['', ...floatMask(1, 2, 2, 4)(builder), ...floatMask(1, 2, 2, 4)(builder)],
    ],
  ];

  it.each(cases)('%s', (_, attributes, others) => {
    const graph = single('Attention', qkv([2, 2], [3, 5]), attributes, others);
    expect(upgradeOpset(graph)).toBe(graph);
  });
});
