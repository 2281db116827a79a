import { describe, expect, it } from '@jest/globals';
import { RowRunner } from '../../src/classifier/row-runner.js';
import type { Engine } from '../../src/engine/engine.js';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { randomFloats, randomMlp } from '../fixtures/graphs.js';
import { engine } from './loaded.js';
import { shortRows } from './networks.js';

/** One operator on `x`, after a product that puts the values into the engine's own memory. */
function oneOperator(shape: readonly number[], add: (builder: GraphBuilder, x: string) => string): Graph {
  const builder = new GraphBuilder({ name: 'operator', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, ...shape]);
  const y = add(builder, builder.add('Mul', [x, builder.scalar(1.1)]));
  return { ...builder.build(), outputs: [{ name: y, type: 'float32', dims: [], undeclared: 'shape' }] };
}

const channelSum = oneOperator([8, 6, 6], (builder, x) =>
  builder.add('ReduceSum', [x, builder.ints([1])], { keepdims: int(0) }),
);
const logarithms = (width: number) =>
  oneOperator([width], (builder, x) => builder.add('Log', [builder.add('Exp', [x])]));

/** Counts the rows of every engine call. */
function watched(calls: number[]): Engine {
  return {
    ...engine,
    compile: async (graph, options) => {
      const session = await engine.compile(graph, options);
      return {
        run: (feeds, fetches) => {
          calls.push(feeds['x']!.dims[0]!);
          return session.run(feeds, fetches);
        },
        release: () => session.release(),
      };
    },
  };
}

async function open(graph: Graph, engineBatch = 32, calls: number[] = [], threads = 1) {
  const size = elementCount(graph.inputs[0]!.dims.slice(1).map(Number));
  const probe = (rows: number) => ({ x: randomFloats(2, rows * size) });
  const runner = await RowRunner.compile(watched(calls), graph, { engineBatch, probe, threads });
  calls.length = 0;
  const run = async (rows: number) =>
    runner.run({ x: randomFloats(3, rows * size) }, rows, [graph.outputs[0]!.name]);
  return { runner, run };
}

describe('a graph run row by row', () => {
  it.each([
    ['any', 'products', randomMlp(1, [20, 30, 10])],
    ['any', 'logarithms of whole packets', logarithms(32)],
    ['multiples', 'sums over a leading axis', channelSum],
    ['alone', 'sums over a few columns', shortRows(8)],
    ['multiples', 'logarithms of broken packets', logarithms(35)],
  ])('takes rows in groups of kind "%s" for %s', async (grouping, _what, graph) => {
    for (const [engineBatch, threads] of [
      [1, 1],
      [128, 1],
      [128, 2],
    ] as const) {
      const { runner } = await open(graph, engineBatch, [], threads);
      expect(runner.grouping).toBe(grouping);
      await runner.release();
    }
  });

  it.each([
    ['any', randomMlp(1, [20, 30, 10]), 32, [32, 13]],
    ['multiples', channelSum, 20, [16, 16, 16]],
    ['multiples', channelSum, 1, [8, 8, 8, 8, 8, 8]],
    ['alone', shortRows(8), 32, Array<number>(45).fill(1)],
  ])('of kind "%s" is cut into engine calls accordingly', async (_grouping, graph, engineBatch, expected) => {
    const calls: number[] = [];
    const { runner, run } = await open(graph, engineBatch, calls);
    const [values] = await run(45);
    expect(calls).toEqual(expected);
    const [first] = await run(1);
    expect(first).toEqual(values!.subarray(0, first!.length));
    expect(values!.length).toBe(45 * first!.length);
    await runner.release();
  });

  it('refuses feeds that do not hold the rows', async () => {
    const { runner } = await open(channelSum);
    await expect(runner.run({ x: new Float32Array(5) }, 1, [])).rejects.toMatchObject({ key: 'INPUT_SHAPE' });
    await runner.release();
  });
});
