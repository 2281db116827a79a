import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, int, ints, string } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { rebatch } from '../../../src/graph/passes/rebatch.js';
import { run } from '../../fixtures/engine.js';
import { largestDifference } from '../../fixtures/compare.js';
import { randomCnn, randomTensor } from '../../fixtures/graphs.js';
import { floatTensor, intTensor } from '../../../src/tensor/tensor.js';

/** A model exported for one example of [2, 4, 4]: something of it, then a dense layer. */
function exported(
  middle: (builder: GraphBuilder, x: string) => string,
  {
    opset = 17,
    last = (builder: GraphBuilder, logits: string): string => builder.add('Relu', [logits]),
  } = {},
): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': opset } });
  const x = builder.input('x', 'float32', [1, 2, 4, 4]);
  const flat = middle(builder, x);
  const logits = builder.add('MatMul', [flat, builder.initializer('w', randomTensor(1, [32, 5]))]);
  builder.output(last(builder, logits), 'float32', [1, 5]);
  return builder.build();
}

const reshape =
  (...target: number[]) =>
  (builder: GraphBuilder, x: string): string =>
    builder.add('Reshape', [x, builder.ints(target)]);

const ROWS = 5;
const rows = randomTensor(9, [ROWS, 2, 4, 4]);

/** Opens the batch and checks rows of another batch size than the pass itself looks at. */
async function expectSameRows(graph: Graph): Promise<void> {
  const batched = await rebatch(graph, run);
  expect(batched.inputs[0]!.dims).toEqual([BATCH, 2, 4, 4]);
  expect(batched.outputs[0]!.dims).toEqual([BATCH, 5]);
  const name = graph.outputs[0]!.name;
  const together = (await run(batched, { x: rows }))[name]!;
  for (let row = 0; row < ROWS; row++) {
    const x = floatTensor(rows.data.subarray(row * 32, (row + 1) * 32), [1, 2, 4, 4]);
    const alone = (await run(graph, { x }))[name]!;
    const actual = { ...together, dims: [1, 5], data: together.data.subarray(row * 5, (row + 1) * 5) };
    expect(largestDifference(actual, alone)).toBeLessThanOrEqual(1e-6);
  }
}

describe('rebatch', () => {
  it('returns a graph whose batch is open as it is', async () => {
    const graph = randomCnn(1);
    expect(await rebatch(graph, run)).toBe(graph);
  });

  it.each([
    ['[1, 32]', reshape(1, 32)],
    ['[1, -1]', reshape(1, -1)],
    ['[-1, 32]', reshape(-1, 32)],
    ['[0, -1]', reshape(0, -1)],
    ['[2, 16] and then [1, 32]', (b: GraphBuilder, x: string) => reshape(1, 32)(b, reshape(2, 16)(b, x))],
  ])('opens a reshape to %s', (_name, middle) => expectSameRows(exported(middle)));

  it('opens a reshape whose target the graph computes from the shape', () =>
    expectSameRows(
      exported((builder, x) => {
        const rowCount = builder.add('Gather', [builder.add('Shape', [x]), builder.ints([0])]);
        return builder.add('Reshape', [
          x,
          builder.add('Concat', [rowCount, builder.ints([-1])], { axis: int(0) }),
        ]);
      }),
    ));

  it('leaves alone the weights that the graph reshapes', () =>
    expectSameRows(
      exported((builder, x) => {
        const weight = builder.initializer('b', randomTensor(3, [2, 16]));
        const flat = builder.add('Reshape', [x, builder.ints([1, 32])]);
        return builder.add('Add', [flat, builder.add('Reshape', [weight, builder.ints([1, 32])])]);
      }),
    ));

  it('opens a flatten from axis 0', () =>
    expectSameRows(exported((builder, x) => builder.add('Flatten', [x], { axis: int(0) }))));

  it.each([11, 17])('opens a squeeze of every dimension of 1, operator set %i', (opset) =>
    expectSameRows(
      exported(
        (builder, x) => builder.add('Squeeze', [builder.add('Reshape', [x, builder.ints([1, 1, 32, 1])])]),
        { opset, last: (builder, logits) => builder.add('Reshape', [logits, builder.ints([1, 5])]) },
      ),
    ),
  );

  it.each(['Softmax', 'LogSoftmax'])('opens a %s from axis 0 as operator sets before 13 have it', (op) =>
    expectSameRows(
      exported(reshape(1, 32), {
        opset: 11,
        last: (builder, logits) => builder.add(op, [logits], { axis: int(0) }),
      }),
    ),
  );

  const toRow = (b: GraphBuilder, x: string): string => reshape(1, 32)(b, x);
  const list = (b: GraphBuilder, op: string, x: string, axes: number[], opset: number): string =>
    opset < 13 ? b.add(op, [x], { axes: ints(axes) }) : b.add(op, [x, b.ints(axes)]);

  it.each<[string, (builder: GraphBuilder, x: string) => string]>([
    ['the only example taken', (b, x) => b.add('Gather', [toRow(b, x), b.ints([0])], { axis: int(0) })],
    [
      'the only example taken as a vector, and made a batch again',
      (b, x) => {
        const zero = b.initializer('zero', intTensor([0], []));
        const vector = b.add('Gather', [toRow(b, x), zero], { axis: int(0) });
        return b.add('Unsqueeze', [b.add('Tanh', [vector]), b.ints([0])]);
      },
    ],
    [
      'the only example cut out',
      (b, x) => b.add('Slice', [toRow(b, x), ...[0, 1, 0, 1].map((n) => b.ints([n]))]),
    ],
    [
      'the only example cut out together with pixels',
      (b, x) => {
        const top = b.add('Slice', [x, b.ints([0, 0]), b.ints([1, 1]), b.ints([0, 1])]);
        return b.add('Reshape', [b.add('Concat', [top, top], { axis: int(1) }), b.ints([1, 32])]);
      },
    ],
    [
      'a token joined to the data',
      (b, x) => {
        const token = b.initializer('token', randomTensor(4, [1, 1, 4, 4]));
        const half = b.add('Slice', [x, b.ints([0]), b.ints([1]), b.ints([1])]);
        return b.add('Flatten', [b.add('Concat', [token, half], { axis: int(1) })]);
      },
    ],
    [
      'a token expanded to one row',
      (b, x) => {
        const token = b.add('Expand', [
          b.initializer('token', randomTensor(4, [1, 4, 4])),
          b.ints([1, 1, 4, 4]),
        ]);
        const half = b.add('Slice', [x, b.ints([0]), b.ints([1]), b.ints([1])]);
        return b.add('Flatten', [b.add('Concat', [half, token], { axis: int(-3) })]);
      },
    ],
    [
      'sizes of a resize',
      (b, x) => {
        const large = b.add('Resize', [x, '', '', b.ints([1, 2, 8, 8])], { mode: string('nearest') });
        return b.add('Flatten', [
          b.add('AveragePool', [large], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }),
        ]);
      },
    ],
    [
      'attention with the sequence in front, batch and heads merged',
      (b, x) => {
        // [1, 8, 4] as [8, 1, 4]; two heads of 2: [8, 1 * 2, 2]; scores [2, 8, 8].
        const sequence = b.add('Transpose', [b.add('Reshape', [x, b.ints([1, 8, 4])])], {
          perm: ints([1, 0, 2]),
        });
        const heads = b.add('Transpose', [b.add('Reshape', [sequence, b.ints([8, 2, 2])])], {
          perm: ints([1, 0, 2]),
        });
        const keys = b.add('Transpose', [heads], { perm: ints([0, 2, 1]) });
        const weights = b.add('Softmax', [b.add('MatMul', [heads, keys])], { axis: int(-1) });
        const mixed = b.add('Transpose', [b.add('MatMul', [weights, heads])], { perm: ints([1, 0, 2]) });
        const tokens = b.add('Reshape', [mixed, b.ints([8, 4])]);
        const projected = b.add('Gemm', [tokens, b.initializer('p', randomTensor(5, [4, 4]))]);
        const back = b.add('Reshape', [projected, b.ints([8, 1, 4])]);
        return b.add('Reshape', [b.add('Transpose', [back], { perm: ints([1, 0, 2]) }), b.ints([1, 32])]);
      },
    ],
    [
      'a batch merged with heads and repeated',
      (b, x) => {
        const heads = b.add('Reshape', [x, b.ints([4, 8, 1])]);
        const wide = b.add('Expand', [heads, b.ints([4, 8, 2])]);
        return b.add('Reshape', [
          b.add('ReduceSum', [wide, b.ints([2])], { keepdims: int(0) }),
          b.ints([1, 32]),
        ]);
      },
    ],
  ])('opens %s', (_name, middle) => expectSameRows(exported(middle)));

  it.each([11, 17])(
    'opens a squeeze of the batch and what makes it a batch again, operator set %i',
    (opset) =>
      expectSameRows(
        exported(
          (b, x) =>
            list(b, 'Unsqueeze', b.add('Tanh', [list(b, 'Squeeze', toRow(b, x), [0], opset)]), [0], opset),
          {
            opset,
          },
        ),
      ),
  );

  it('opens a graph that ends in one vector', async () => {
    const graph = exported(reshape(1, 32), { last: (b, logits) => b.add('Squeeze', [logits, b.ints([0])]) });
    const vector = { ...graph, outputs: [{ ...graph.outputs[0]!, dims: [5] }] };
    const batched = await rebatch(vector, run);
    const { dims } = Object.values(await run(batched, { x: rows }))[0]!;
    expect(dims).toEqual([ROWS, 5]);
  });

  it('opens a graph that declares an open batch but holds a 1', async () => {
    const { inputs, ...graph } = exported(reshape(1, 32));
    const declared = { ...graph, inputs: [{ ...inputs[0]!, dims: ['N', 2, 4, 4] }] };
    await expect(run(declared, { x: rows })).rejects.toThrow();
    const batched = await rebatch(declared, run);
    expect(Object.values(await run(batched, { x: rows }))[0]!.dims).toEqual([ROWS, 5]);
  });

  it('keeps, of several outputs, those whose rows come out the same', async () => {
    const graph = exported(reshape(1, 32));
    const builder = new GraphBuilder(graph);
    builder.output(builder.addNamed('ReduceMax', ['x'], 'largest', { keepdims: int(0) }), 'float32', []);
    const { outputs } = await rebatch(builder.build(), run);
    expect(outputs.map(({ name }) => name)).toEqual([graph.outputs[0]!.name]);
  });

  it('refuses a batch fixed at another size', async () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    builder.addNamed('Relu', [builder.input('x', 'float32', [16, 3])], 'y');
    builder.output('y', 'float32', [16, 3]);
    await expect(rebatch(builder.build(), run)).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringContaining('[16, 3]'),
    });
  });

  const mixing: [string, Graph, RegExp][] = [
    [
      'an example depends on the others',
      exported(reshape(1, 32), {
        last: (builder, logits) => builder.add('Softmax', [logits], { axis: int(0) }),
      }),
      /changes by .* beside another example/,
    ],
    [
      'a constant stands for an example',
      exported((builder, x) => {
        const other = builder.initializer('other', randomTensor(4, [1, 2, 4, 4]));
        const both = builder.add('Concat', [x, other], { axis: int(0) });
        return builder.add('Reshape', [
          builder.add('ReduceMax', [both], { axes: ints([0]) }),
          builder.ints([1, 32]),
        ]);
      }),
      /cannot be opened/,
    ],
  ];
  it.each(mixing)('refuses a model in which %s', async (_name, graph, message) =>
    expect(rebatch(graph, run)).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringMatching(message),
    }),
  );

  it('keeps the operator set', async () => {
    const graph = exported((builder, x) => builder.add('Flatten', [x], { axis: int(0) }), { opset: 9 });
    expect((await rebatch(graph, run)).opsets).toEqual({ '': 9 });
  });
});
