import { describe, expect, it } from '@jest/globals';
import { differentiate } from '../../../src/graph/autodiff/differentiate.js';
import { GraphBuilder, int, ints, string } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { foldConstants } from '../../../src/graph/passes/fold-constants.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { intTensor } from '../../../src/tensor/tensor.js';
import { difference, ops, run } from '../../fixtures/engine.js';
import { randomTensor } from '../../fixtures/graphs.js';
import { Exporter, INT32, INT64 } from './exporter.js';

interface Pattern {
  readonly name: string;
  readonly dims: readonly number[];
  readonly build: (exporter: Exporter, x: string) => string;
  /** Operators left. */
  readonly left: readonly string[];
}

const patterns: readonly Pattern[] = [
  {
    name: 'view(x.size(0), -1)',
    dims: [3, 4],
    build: (e, x) => e.add('Reshape', [x, e.concat(e.unsqueeze(e.size(x, 0)), e.list(-1))]),
    left: ['Reshape'],
  },
  {
    name: 'heads of attention, their size divided at run time',
    dims: [5, 12],
    build: (e, x) => {
      const each = e.add('Div', [e.size(x, 2), e.scalar(3)]);
      const parts = [e.size(x, 0), e.size(x, 1), e.scalar(3), e.add('Cast', [each], { to: int(INT64) })];
      const heads = e.add('Reshape', [x, e.concat(...parts.map((part) => e.unsqueeze(part)))]);
      const first = e.add('Transpose', [heads], { perm: ints([0, 2, 1, 3]) });
      const scores = e.add('MatMul', [first, e.add('Transpose', [first], { perm: ints([0, 1, 3, 2]) })]);
      const merged = e.add('Mul', [e.size(x, 0), e.scalar(3)]);
      return e.add('Reshape', [scores, e.concat(e.unsqueeze(merged), e.list(5, 5))]);
    },
    left: ['Reshape', 'Transpose', 'Transpose', 'MatMul', 'Reshape'],
  },
  {
    name: 'a class token for each example, by expand',
    dims: [4, 3],
    build: (e, x) => {
      const token = e.expand(e.weight(1, 1, 3), e.concat(e.unsqueeze(e.size(x, 0)), e.list(-1), e.list(-1)));
      return e.add('Concat', [token, x], { axis: int(1) });
    },
    // The token must be repeated for as many examples as there are.
    left: ['Shape', 'Gather', 'Unsqueeze', 'Concat', 'Reshape', 'Where', 'Expand', 'Concat'],
  },
  {
    name: 'an expand that leaves the batch alone',
    dims: [1, 3],
    build: (e, x) => {
      const target = e.concat(e.list(-1), e.unsqueeze(e.size(x, 2)), e.list(-1));
      return e.add('Mul', [x, e.expand(e.weight(1, 1, 3), target)]);
    },
    left: ['Mul'],
  },
  {
    name: 'amounts of padding put in another order',
    dims: [3, 4],
    build: (e, x) => {
      const value = { type: 'tensor', value: intTensor([0]) } as const;
      const zeros = e.add('ConstantOfShape', [e.list(2)], { value });
      const pairs = e.add('Reshape', [e.concat(e.list(1, 2, 0, 1), zeros), e.list(-1, 2)]);
      const reversed = e.add('Slice', [pairs, e.list(-1), e.list(-(2 ** 40)), e.list(0), e.list(-1)]);
      const flat = e.add('Reshape', [e.add('Transpose', [reversed], { perm: ints([1, 0]) }), e.list(-1)]);
      return e.add('Pad', [x, e.add('Cast', [flat], { to: int(INT64) })], { mode: string('reflect') });
    },
    left: ['Pad'],
  },
  {
    name: 'halves of the channels, the middle computed',
    dims: [5, 2],
    build: (e, x) => {
      const half = e.add('Div', [e.add('Add', [e.size(x, 1), e.scalar(1)]), e.scalar(2)]);
      const end = e.unsqueeze(e.add('Mul', [half, e.scalar(1)]));
      const first = e.add('Slice', [x, e.list(0), end, e.list(1)]);
      return e.add('Concat', [e.add('Slice', [x, end, e.list(2 ** 40), e.list(1)]), first], { axis: int(1) });
    },
    left: ['Slice', 'Slice', 'Concat'],
  },
  {
    name: 'interpolation to the size of another tensor',
    dims: [2, 4, 6],
    build: (e, x) => {
      const small = e.add('MaxPool', [x], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
      const spatial = e.add('Slice', [e.add('Shape', [x]), e.list(2), e.list(4), e.list(0)]);
      const kept = e.add('Slice', [e.add('Shape', [small]), e.list(0), e.list(2), e.list(0)]);
      const resized = e.add('Resize', [small, '', '', e.concat(kept, spatial)], { mode: string('linear') });
      return e.add('Concat', [resized, x], { axis: int(1) });
    },
    left: ['MaxPool', 'Shape', 'Slice', 'Concat', 'Resize', 'Concat'],
  },
  {
    name: 'position embeddings by arange',
    dims: [4, 3],
    build: (e, x) => {
      const range = e.add('Range', [e.scalar(0), e.size(x, 1), e.scalar(1)]);
      const rows = e.add('Gather', [e.weight(9, 3), e.unsqueeze(range)], { axis: int(0) });
      return e.add('Add', [x, rows]);
    },
    left: ['Add'],
  },
  {
    name: 'a channel shuffle',
    dims: [6, 2, 3],
    build: (e, x) => {
      const group = e.add('Div', [e.size(x, 1), e.scalar(2)]);
      const parts = [e.size(x, 0), e.scalar(2), group, e.size(x, 2), e.size(x, 3)].map((part) =>
        e.unsqueeze(part),
      );
      const apart = e.add('Reshape', [x, e.concat(...parts)]);
      const swapped = e.add('Transpose', [apart], { perm: ints([0, 2, 1, 3, 4]) });
      const back = [e.unsqueeze(e.size(x, 0)), e.list(-1), ...parts.slice(3)];
      return e.add('Reshape', [swapped, e.concat(...back)]);
    },
    left: ['Reshape', 'Transpose', 'Reshape'],
  },
  {
    name: 'windows that join the batch, and leave it again',
    dims: [4, 6, 2],
    build: (e, x) => {
      const grid = [e.unsqueeze(e.size(x, 0)), e.list(2, 2, 3, 2, 2)];
      const apart = e.add('Reshape', [x, e.concat(...grid)]);
      const grouped = e.add('Transpose', [apart], { perm: ints([0, 1, 3, 2, 4, 5]) });
      const windows = e.add('Reshape', [grouped, e.list(-1, 4, 2)]);
      const windowCount = e.add('Div', [e.add('Mul', [e.scalar(24), e.scalar(1)]), e.scalar(4)]);
      const examples = e.add('Div', [e.size(windows, 0), windowCount]);
      return e.add('Reshape', [
        e.add('Relu', [windows]),
        e.concat(e.unsqueeze(examples), e.list(2, 3, 2, 2, -1)),
      ]);
    },
    left: ['Reshape', 'Transpose', 'Reshape', 'Relu', 'Reshape'],
  },
  {
    name: 'the newer torch.onnx: shapes by range of axes, zeros taken literally',
    dims: [3, 4],
    build: (e, x) => {
      const rows = e.add('Squeeze', [e.symbol(x, 0)]);
      const merged = e.add('Reshape', [e.add('Mul', [rows, e.scalar(3)]), e.list(-1)]);
      const flat = e.add('Reshape', [x, e.concat(merged, e.list(4))], { allowzero: int(1) });
      return e.add('Reshape', [e.add('Relu', [flat]), e.concat(e.symbol(x, 0), e.list(3, 4))], {
        allowzero: int(1),
      });
    },
    left: ['Reshape', 'Relu', 'Reshape'],
  },
  {
    name: 'the newer torch.onnx: a token expanded to a list of sizes',
    dims: [4, 3],
    build: (e, x) => {
      const target = e.concat(e.symbol(x, 0), e.list(1), e.list(3));
      return e.add('Concat', [e.add('Expand', [e.weight(1, 1, 3), target]), x], { axis: int(1) });
    },
    left: ['Shape', 'Concat', 'Expand', 'Concat'],
  },
  {
    name: 'a flatten of Keras, in int32 and back',
    dims: [2, 3],
    build: (e, x) => {
      const target = e.concat(e.unsqueeze(e.strided(x, 0)), e.add('Cast', [e.list(-1)], { to: int(INT32) }));
      return e.add('Reshape', [x, e.add('Cast', [target], { to: int(INT64) })]);
    },
    left: ['Reshape'],
  },
  {
    name: 'a dense layer of TensorFlow on each position',
    dims: [2, 3, 4],
    build: (e, x) => {
      const shape = e.add('Shape', [x]);
      const free = e.add('Gather', [shape, e.list(0, 1, 2)], { axis: int(0) });
      const count = e.add('ReduceProd', [free], { axes: ints([0]), keepdims: int(1) });
      const rows = e.add('Reshape', [x, e.concat(count, e.list(4))]);
      const product = e.add('MatMul', [rows, e.weight(4, 5)]);
      return e.add('Reshape', [product, e.concat(free, e.list(5))]);
    },
    left: ['Reshape', 'MatMul', 'Reshape'],
  },
  {
    name: 'a token tiled by TensorFlow for each example',
    dims: [4, 3],
    build: (e, x) => {
      const rows = e.add('Cast', [e.unsqueeze(e.strided(x, 0))], { to: int(INT64) });
      const token = e.add('Tile', [e.weight(1, 1, 3), e.concat(rows, e.list(1, 1))]);
      return e.add('Concat', [token, x], { axis: int(1) });
    },
    left: ['Shape', 'Cast', 'Slice', 'Squeeze', 'Unsqueeze', 'Cast', 'Concat', 'Tile', 'Concat'],
  },
  {
    name: 'a sum over as many elements as there are',
    dims: [3, 4],
    build: (e, x) => {
      const count = e.add('Div', [e.add('Size', [x]), e.size(x, 0)]);
      return e.add('Div', [x, e.add('Cast', [count], { to: int(1) })]);
    },
    left: ['Div'],
  },
];

function exported({ dims, build }: Pattern): Graph {
  const builder = new GraphBuilder({ name: 'exported', opsets: { '': 17 } });
  const y = build(new Exporter(builder), builder.input('x', 'float32', [BATCH, ...dims]));
  return { ...builder.build(), outputs: [{ name: y, type: 'float32', dims: [], undeclared: 'shape' }] };
}

describe.each(patterns)('shape arithmetic of an exporter: $name', (pattern) => {
  it('is folded, and what follows the batch stays right at every size', async () => {
    const graph = exported(pattern);
    const folded = await foldConstants(graph, run);
    for (const batch of [1, 2, 3, 4, 7, 12]) expect(await difference(folded, graph, batch)).toBe(0);
    expect(ops(folded)).toEqual(pattern.left);
  });

  it('lets the gradient pass, also at sizes it was not looked at with', async () => {
    const folded = await foldConstants(exported(pattern), run);
    const shapes = await inferShapes(folded, run);
    const output = folded.outputs[0]!.name;
    const { graph, gradients } = differentiate(folded, shapes, {
      cotangents: { [output]: output },
      withRespectTo: ['x'],
    });
    const gradient = gradients.get('x')!;
    const outputs = [{ name: gradient, type: 'float32', dims: [], undeclared: 'shape' } as const];
    for (const batch of [1, 7]) {
      const x = randomTensor(batch, [batch, ...pattern.dims]);
      expect((await run({ ...graph, outputs }, { x }))[gradient]!.dims).toEqual(x.dims);
    }
  });
});
