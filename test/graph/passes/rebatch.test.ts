import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, int } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { rebatch } from '../../../src/graph/passes/rebatch.js';
import { run } from '../../fixtures/engine.js';
import { largestDifference } from '../../fixtures/compare.js';
import { randomCnn, randomTensor } from '../../fixtures/graphs.js';
import { floatTensor } from '../../../src/tensor/tensor.js';

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
      'only the first example is looked at',
      exported((builder, x) =>
        builder.add('Gather', [builder.add('Reshape', [x, builder.ints([1, 32])]), builder.ints([0])], {
          axis: int(0),
        }),
      ),
      /\[1, 5\] for 2/,
    ],
    [
      'a constant of one row is joined to the data',
      exported((builder, x) => {
        const half = builder.add('Slice', [x, builder.ints([0]), builder.ints([1]), builder.ints([1])]);
        const token = builder.initializer('token', randomTensor(4, [1, 1, 4, 4]));
        return builder.add('Flatten', [builder.add('Concat', [token, half], { axis: int(1) })], {
          axis: int(1),
        });
      }),
      /batch of 2 does not run/,
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
