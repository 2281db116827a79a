import { describe, expect, it } from '@jest/globals';
import { int, ints, type GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH } from '../../../src/graph/ir.js';
import { floatTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { lowered, type LaterOperator } from './cases/lowered.js';
import { buildFunction, cotangentOf, engine, gradientGraph } from './gradient-check.js';
import { randomOf } from './random.js';
import { normalTensor } from './test-function.js';

/** Odd, so that rows begin at every alignment in memory. */
const ROWS = 9;
const TOGETHER = [1, 2, 4];

interface RowFunction {
  /** Shape of a row of the input `x`. */
  readonly row: readonly number[];
  /** Shape of a row of the output, by default that of the input. */
  readonly output?: readonly number[];
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly build: (builder: GraphBuilder) => string;
}

/** Which of `ROWS` rows have a gradient by x of other bits alone, or beside fewer others, than beside all. */
async function dependentRows({ row, output = row, weights = {}, build }: RowFunction): Promise<number[]> {
  const random = randomOf(row.length + output.length);
  const constants = Object.fromEntries(
    Object.entries(weights).map(([name, dims]) => [name, normalTensor(dims, random)]),
  );
  const inputs = {
    x: { dims: [BATCH, ...row] },
    ...Object.fromEntries(Object.entries(weights).map(([name, dims]) => [name, { dims }])),
  };
  const forward = buildFunction({ name: 'rows', inputs, build }, Object.keys(weights), constants);
  const { graph, gradients } = await gradientGraph(forward, ['x']);
  const [gradient, cotangent] = [gradients.get('x')!, cotangentOf(forward.outputs[0]!.name)];
  const session = await engine.compile(graph, { threads: 2 });
  const feeds = {
    x: normalTensor([ROWS, ...row], random),
    [cotangent]: normalTensor([ROWS, ...output], random),
  };
  const bitsOf = async (from: number, to: number): Promise<string[]> => {
    const rows = Object.entries(feeds).map(([name, tensor]) => [name, rowsOf(tensor, from, to)] as const);
    const found = (await session.run(Object.fromEntries(rows), [gradient]))[gradient]!;
    return Array.from({ length: to - from }, (_, i) => bitsOfRow(found, i));
  };
  const all = await bitsOf(0, ROWS);
  const differing = new Set<number>();
  for (const count of TOGETHER)
    for (let from = 0; from < ROWS; from += count) {
      const some = await bitsOf(from, Math.min(from + count, ROWS));
      some.forEach((bits, i) => {
        if (bits !== all[from + i]) differing.add(from + i);
      });
    }
  await session.release();
  return [...differing];
}

function rowsOf({ dims, data }: Tensor, from: number, to: number): Tensor {
  const size = data.length / dims[0]!;
  return floatTensor((data as Float32Array).slice(from * size, to * size), [to - from, ...dims.slice(1)]);
}

const bitsOfRow = (tensor: Tensor, row: number): string =>
  new Uint32Array((rowsOf(tensor, row, row + 1).data as Float32Array).buffer).join();

const later = (
  row: readonly number[],
  weights: RowFunction['weights'],
  operator: Omit<LaterOperator, 'inputs'>,
): RowFunction => ({
  ...{ row, weights: weights ?? {} },
  build: (builder) =>
    lowered({ ...operator, inputs: { x: [BATCH, ...row], ...weights } }).build(builder) as string,
});

const widths = [2, 3, 5, 7, 10, 17, 33, 49, 70, 197];

describe.each(['Softmax', 'LogSoftmax'])(
  'the gradient of an example through %s has the same bits beside any others',
  (op) => {
    it.each([
      ['a vector', []],
      ['a matrix', [5]],
      ['a stack of matrices', [3, 5]],
    ])('along the last axis of %s', async (_name, leading) => {
      for (const width of widths) {
        const found = await dependentRows({ row: [...leading, width], build: (b) => b.add(op, ['x']) });
        expect({ width, found }).toEqual({ width, found: [] });
      }
    });

    it('along an axis in the middle', async () => {
      for (const width of widths.slice(0, 8)) {
        const found = await dependentRows({
          row: [width, 7],
          build: (b) => b.add(op, ['x'], { axis: int(1) }),
        });
        expect({ width, found }).toEqual({ width, found: [] });
      }
    });
  },
);

/** A function by the width of what it adds up. */
const functions: Readonly<Record<string, (width: number) => RowFunction>> = {
  'LayerNormalization of vectors': (width) => ({
    ...{ row: [width], weights: { scale: [width], bias: [width] } },
    build: (b) => b.add('LayerNormalization', ['x', 'scale', 'bias']),
  }),
  'LayerNormalization of tokens': (width) => ({
    ...{ row: [5, width], weights: { scale: [width], bias: [width] } },
    build: (b) => b.add('LayerNormalization', ['x', 'scale', 'bias'], { axis: int(-1) }),
  }),
  'LayerNormalization of windows of tokens': (width) => ({
    ...{ row: [2, 3, width], weights: { scale: [width], bias: [width] } },
    build: (b) => b.add('LayerNormalization', ['x', 'scale', 'bias'], { axis: int(3) }),
  }),
  'LayerNormalization of whole images': (width) => ({
    ...{ row: [3, 2, width], weights: { scale: [3, 2, width], bias: [3, 2, width] } },
    build: (b) => b.add('LayerNormalization', ['x', 'scale', 'bias'], { axis: int(1) }),
  }),
  InstanceNormalization: (width) => ({
    ...{ row: [3, 1, width], weights: { scale: [3], bias: [3] } },
    build: (b) => b.add('InstanceNormalization', ['x', 'scale', 'bias']),
  }),
  'LpNormalization of order 1': (width) => ({
    row: [width, 3],
    build: (b) => b.add('LpNormalization', ['x'], { axis: int(1), p: int(1) }),
  }),
  'LpNormalization of order 2': (width) => ({
    row: [3, width],
    build: (b) => b.add('LpNormalization', ['x'], { axis: int(-1), p: int(2) }),
  }),
  GroupNormalization: (width) =>
    later(
      [4, width],
      { scale: [4], bias: [4] },
      { opset: 21, op: 'GroupNormalization', attributes: { num_groups: int(2) } },
    ),
  RMSNormalization: (width) =>
    later([3, width], { scale: [width] }, { opset: 23, op: 'RMSNormalization', attributes: {} }),
  GlobalLpPool: (width) => ({
    ...{ row: [3, width], output: [3, 1] },
    build: (b) => b.add('GlobalLpPool', ['x'], { p: int(2) }),
  }),
  GlobalMaxPool: (width) => ({
    ...{ row: [3, width], output: [3, 1] },
    build: (b) => b.add('GlobalMaxPool', ['x']),
  }),
  LpPool: (width) => ({
    ...{ row: [3, width], output: [3, width - 1] },
    build: (b) => b.add('LpPool', ['x'], { kernel_shape: ints([2]) }),
  }),
  ConvTranspose: (width) => ({
    ...{ row: [3, width, 5], output: [4, 2 * width + 1, 11], weights: { weight: [3, 4, 3, 3], bias: [4] } },
    build: (b) => b.add('ConvTranspose', ['x', 'weight', 'bias'], { strides: ints([2, 2]) }),
  }),
};

describe('the gradient of an example has the same bits beside any others through', () => {
  it.each(Object.entries(functions))('%s', async (_op, ofWidth) => {
    for (const width of widths) {
      const found = await dependentRows(ofWidth(width));
      expect({ width, found }).toEqual({ width, found: [] });
    }
  });
});
