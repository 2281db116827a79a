import { describe, expect, it } from '@jest/globals';
import { int, string, type GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH } from '../../../src/graph/ir.js';
import { floatTensor, intTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { buildFunction, cotangentOf, engine, gradientGraph } from './gradient-check.js';
import { randomOf } from './random.js';
import { normalTensor } from './test-function.js';

const HEIGHT = 5;
const ROWS = 9;
const WIDTHS = [3, 8, 17, 31, 70];

const resize = (mode: string, scales: readonly number[]) => (builder: GraphBuilder) =>
  builder.add(
    'Resize',
    ['x', '', builder.initializer('scales', floatTensor(Float32Array.from(scales), [4]))],
    { mode: string(mode) },
  );

const functions: readonly (readonly [string, (builder: GraphBuilder, width: number) => string])[] = [
  ['edges extended', (b) => b.add('Pad', ['x', b.ints([0, 0, 3, 4, 0, 0, 2, 5])], { mode: string('edge') })],
  ['reflection', (b) => b.add('Pad', ['x', b.ints([0, 0, 2, 1, 0, 0, 1, 1])], { mode: string('reflect') })],
  ['tiles', (b) => b.add('Tile', ['x', b.ints([1, 2, 2, 3])])],
  [
    'elements taken twice',
    (b, width) => {
      const twice = Array.from({ length: 2 * width }, (_, i) => i >> 1);
      return b.add('Gather', ['x', b.ints(twice)], { axis: int(3) });
    },
  ],
  ['rows taken twice', (b) => b.add('Gather', ['x', b.ints([0, 4, 4, 0, 2, 1])], { axis: int(2) })],
  [
    'elements taken by each example',
    (b) => {
      const indices = b.initializer('indices', intTensor([1, 0, 1], [1, 1, 1, 3]));
      const rows = b.add('Slice', [b.add('Shape', ['x']), b.ints([0]), b.ints([3])]);
      const target = b.add('Concat', [rows, b.ints([3])], { axis: int(0) });
      return b.add('GatherElements', ['x', b.add('Expand', [indices, target])], { axis: int(3) });
    },
  ],
  ['nearest', resize('nearest', [1, 1, 2, 3])],
  ['linear, enlarged', resize('linear', [1, 1, 2, 1.5])],
  ['linear, reduced', resize('linear', [1, 1, 0.6, 0.5])],
  ['cubic', resize('cubic', [1, 1, 1.4, 2])],
  ['sums', (b) => b.add('CumSum', ['x', b.initializer('axis', intTensor([3], []))])],
];

const rowsOf = ({ dims, data }: Tensor, from: number, to: number): Tensor => {
  const size = data.length / dims[0]!;
  return floatTensor((data as Float32Array).slice(from * size, to * size), dims.with(0, to - from));
};

describe("the bits of an example's gradient do not depend on the examples beside it", () => {
  it.each(functions)('%s', async (_, build) => {
    for (const width of WIDTHS) {
      const random = randomOf(width);
      const forward = buildFunction(
        { name: 'rows', inputs: { x: { dims: [BATCH, 2, HEIGHT, width] } }, build: (b) => build(b, width) },
        [],
        {},
      );
      const { graph, gradients } = await gradientGraph(forward, ['x']);
      const session = await engine.compile(graph);
      const x = normalTensor([ROWS, 2, HEIGHT, width], random);
      const output = forward.outputs[0]!.name;
      const { dims } = graph.inputs.find(({ name }) => name === cotangentOf(output))!;
      const cotangent = normalTensor([ROWS, ...(dims.slice(1) as number[])], random);
      const gradientOf = async (from: number, to: number): Promise<Tensor> => {
        const feeds = { x: rowsOf(x, from, to), [cotangentOf(output)]: rowsOf(cotangent, from, to) };
        return (await session.run(feeds))[gradients.get('x')!]!;
      };
      const together = await gradientOf(0, ROWS);
      for (const [from, to] of [
        [0, 1],
        [5, 6],
        [3, 5],
        [5, 9],
      ] as const) {
        expect({ width, from, found: await gradientOf(from, to) }).toEqual({
          width,
          from,
          found: rowsOf(together, from, to),
        });
      }
      await session.release();
    }
  });
});
