import { describe, expect, it } from '@jest/globals';
import { runnerOf } from '../../../src/engine/runner.js';
import { differentiate } from '../../../src/graph/autodiff/differentiate.js';
import { GraphBuilder, int } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { floatTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { anyShape, engine } from './gradient-check.js';

const matrix = (rows: number, columns: number, ...values: number[]): Tensor =>
  floatTensor(Float32Array.from(values), [rows, columns]);

function builderWith(...inputs: string[]): GraphBuilder {
  const builder = new GraphBuilder({ name: 'test', opsets: { '': 17 } });
  for (const input of inputs) builder.input(input, 'float32', [BATCH, 2]);
  return builder;
}

function finish(builder: GraphBuilder, ...outputs: string[]): Graph {
  for (const output of outputs) builder.output(output, 'float32', [BATCH, 2]);
  return builder.build();
}

async function gradientsOf(
  graph: Graph,
  cotangents: Readonly<Record<string, string>>,
  withRespectTo: readonly string[],
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, { dims: readonly number[]; values: number[] }>> {
  const shapes = await inferShapes(graph, runnerOf(engine));
  const derived = differentiate(graph, shapes, { cotangents, withRespectTo });
  const outputs = [...derived.gradients.values()].map(anyShape);
  const session = await engine.compile({ ...derived.graph, outputs });
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    [...derived.gradients].map(([value, gradient]) => {
      const { dims, data } = results[gradient]!;
      return [value, { dims, values: Array.from(data as Float32Array) }];
    }),
  );
}

describe('differentiate', () => {
  it('leaves the given graph, its inputs and its outputs as they are', async () => {
    const builder = builderWith('x', 'g');
    const graph = finish(builder, builder.add('Relu', ['x']));
    const before = structuredClone(graph.nodes);
    const shapes = await inferShapes(graph, runnerOf(engine));
    const derived = differentiate(graph, shapes, {
      cotangents: { [graph.outputs[0]!.name]: 'g' },
      withRespectTo: ['x'],
    });
    expect(graph.nodes).toEqual(before);
    expect(derived.graph.nodes.slice(0, before.length)).toEqual(before);
    expect(derived.graph.inputs).toEqual(graph.inputs);
    expect(derived.graph.outputs).toEqual(graph.outputs);
  });

  it('adds up the cotangents of several values, one of which feeds the other', async () => {
    const builder = builderWith('x', 'g', 'h');
    const double = builder.add('Mul', ['x', builder.scalar(2)]);
    const square = builder.add('Mul', [double, double]);
    const graph = finish(builder, double, square);
    const feeds = { x: matrix(1, 2, 1, 3), g: matrix(1, 2, 1, 1), h: matrix(1, 2, 10, 0) };
    const found = await gradientsOf(graph, { [double]: 'g', [square]: 'h' }, ['x'], feeds);
    // d/dx (2x + 10 * 4x^2) = 2 + 80x for the first element, 2 for the second.
    expect(found['x']!.values).toEqual([82, 2]);
  });

  it('gives zeros of its own shape, at any batch size, to a value with no path', async () => {
    const builder = builderWith('x', 'unused', 'g');
    const y = builder.add('Exp', ['x']);
    builder.add('Relu', ['unused']);
    const feeds = {
      x: matrix(2, 2, 0, 0, 0, 0),
      unused: matrix(2, 2, 1, 1, 1, 1),
      g: matrix(2, 2, 1, 2, 3, 4),
    };
    const found = await gradientsOf(finish(builder, y), { [y]: 'g' }, ['x', 'unused'], feeds);
    expect(found).toEqual({
      x: { dims: [2, 2], values: [1, 2, 3, 4] },
      unused: { dims: [2, 2], values: [0, 0, 0, 0] },
    });
  });

  it('names every gradient apart, even those that are equal or passed through', async () => {
    const builder = builderWith('a', 'b', 'g');
    const sum = builder.add('Add', ['a', 'b']);
    const feeds = { a: matrix(1, 2, 0, 0), b: matrix(1, 2, 0, 0), g: matrix(1, 2, 5, 6) };
    const found = await gradientsOf(finish(builder, sum), { [sum]: 'g' }, ['a', 'b', sum], feeds);
    expect(Object.values(found).map(({ values }) => values)).toEqual([
      [5, 6],
      [5, 6],
      [5, 6],
    ]);
  });

  it('does not treat an initializer as constant when its own gradient is asked for', async () => {
    const builder = builderWith('x', 'g');
    const weight = builder.initializer('weight', matrix(2, 2, 1, 2, 3, 4));
    const y = builder.add('MatMul', ['x', weight]);
    const graph = finish(builder, y);
    const shapes = await inferShapes(graph, runnerOf(engine));
    const { graph: derived, gradients } = differentiate(graph, shapes, {
      cotangents: { [y]: 'g' },
      withRespectTo: ['x', 'weight'],
    });
    const trainable: Graph = {
      ...derived,
      initializers: new Map([...derived.initializers].filter(([name]) => name !== 'weight')),
      inputs: [...derived.inputs, { name: 'weight', type: 'float32', dims: [2, 2] }],
      outputs: [...gradients.values()].map(anyShape),
    };
    const session = await engine.compile(trainable);
    const other = matrix(2, 2, 10, 0, 0, 10);
    const results = await session.run({ x: matrix(1, 2, 1, 2), g: matrix(1, 2, 1, -1), weight: other });
    await session.release();
    expect(Array.from(results[gradients.get('x')!]!.data as Float32Array)).toEqual([10, -10]);
    expect(Array.from(results[gradients.get('weight')!]!.data as Float32Array)).toEqual([1, -1, 2, -2]);
  });

  it('ends a path at comparisons and shapes', async () => {
    const builder = builderWith('x', 'g');
    const mask = builder.add('Cast', [builder.add('Greater', ['x', builder.scalar(0)])], { to: int(1) });
    const shaped = builder.add('Expand', [builder.scalar(3), builder.add('Shape', ['x'])]);
    const y = builder.add('Mul', [builder.add('Mul', ['x', mask]), shaped]);
    const feeds = { x: matrix(1, 2, -1, 2), g: matrix(1, 2, 1, 1) };
    const found = await gradientsOf(finish(builder, y), { [y]: 'g' }, ['x'], feeds);
    expect(found['x']!.values).toEqual([0, 3]);
  });
});

describe('differentiate is blocked', () => {
  const request = (output: string) => ({ cotangents: { [output]: 'g' }, withRespectTo: ['x'] });
  const attempt = async (builder: GraphBuilder, output: string): Promise<void> => {
    const graph = finish(builder, output);
    differentiate(graph, await inferShapes(graph, runnerOf(engine)), request(output));
  };

  it('by an operator without a rule, naming the operator and the node', async () => {
    const builder = builderWith('x', 'g');
    const y = builder.add('Round', [builder.add('Relu', ['x'])]);
    const { name } = builder.build().nodes.at(-1)!;
    await expect(attempt(builder, y)).rejects.toMatchObject({
      key: 'GRADIENT_BLOCKED',
      message: expect.stringMatching(new RegExp(`Round.*"${name}".*zero almost everywhere`)) as unknown,
    });
  });

  it('by an operator of another domain, naming the domain', async () => {
    const builder = builderWith('x', 'g');
    const y = builder.add('Gelu', ['x'], {}, 'com.microsoft');
    const graph = { ...finish(builder, y), opsets: { '': 17, 'com.microsoft': 1 } };
    const shapes = await inferShapes(graph, runnerOf(engine));
    expect(() => differentiate(graph, shapes, request(y))).toThrow(/com\.microsoft\.Gelu/);
  });

  it('by a conversion to integers that the result depends on', async () => {
    const builder = builderWith('x', 'g');
    const whole = builder.add('Cast', ['x'], { to: int(7) });
    await expect(attempt(builder, builder.add('Cast', [whole], { to: int(1) }))).rejects.toThrow(
      /Cast.*integers/,
    );
  });

  it('by a branch that captures the value from outside', async () => {
    const builder = builderWith('x', 'g');
    const branch = (op: string): Graph => ({
      ...{ name: op, opsets: { '': 17 }, initializers: new Map(), inputs: [] },
      nodes: [{ name: op, op, domain: '', inputs: ['x'], outputs: [`${op}_y`], attributes: {} }],
      outputs: [{ name: `${op}_y`, type: 'float32', dims: [BATCH, 2] }],
    });
    const condition = builder.initializer('condition', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    const y = builder.add('If', [condition], {
      then_branch: { type: 'graph', value: branch('Relu') },
      else_branch: { type: 'graph', value: branch('Neg') },
    });
    await expect(attempt(builder, y)).rejects.toThrow(/operator If /);
  });

  it.each([
    [
      'BatchNormalization in training mode',
      (b: GraphBuilder) => {
        const per = (value: number) =>
          b.initializer('per_channel', floatTensor(Float32Array.of(value, value), [2]));
        return b.addMany('BatchNormalization', ['x', per(1), per(0), per(0), per(1)], 3, {
          training_mode: int(1),
        })[0]!;
      },
    ],
  ])('by %s', async (_, build) => {
    const builder = builderWith('x', 'g');
    await expect(attempt(builder, build(builder))).rejects.toMatchObject({ key: 'GRADIENT_BLOCKED' });
  });

  it('not by an operator without a rule that lies beside the path', async () => {
    const builder = builderWith('x', 'g');
    const beside = builder.add('Round', ['x']);
    const before = builder.add('Floor', ['g']);
    const y = builder.add('Mul', ['x', before]);
    const graph = finish(builder, y, beside);
    const shapes = await inferShapes(graph, runnerOf(engine));
    expect(() => differentiate(graph, shapes, request(y))).not.toThrow();
  });
});
