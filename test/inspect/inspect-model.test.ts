import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { inspectModel } from '../../src/api/inspect-model.js';
import { GraphBuilder, float, int } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { randomMlp, randomTensor } from '../fixtures/graphs.js';
import { shortRows } from '../classifier/networks.js';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Inspects a graph by way of a file, with a card beside it if there is one. */
async function inspect(graph: Graph, card?: object) {
  const path = join(folder, `${graph.name}.onnx`);
  writeFileSync(path, writeOnnx(graph));
  if (card !== undefined)
    writeFileSync(join(folder, `${graph.name}.card.json`), JSON.stringify({ schemaVersion: 1, ...card }));
  return inspectModel(path);
}

type Inspected = Awaited<ReturnType<typeof inspect>>;

function usable({ classifier }: Inspected) {
  if (classifier.status !== 'usable') throw new Error(`refused: ${classifier.reason}`);
  return classifier;
}

/** A network of `build` on `x` of [batch, ...shape]; its result is the output `scores`. */
function network(
  name: string,
  shape: readonly number[],
  build: (builder: GraphBuilder, x: string) => string,
  classes = 4,
  batch: number | string = BATCH,
): Graph {
  const builder = new GraphBuilder({ name, opsets: { '': 17 } });
  const y = build(builder, builder.input('x', 'float32', [batch, ...shape]));
  builder.addNamed('Identity', [y], 'scores');
  builder.output('scores', 'float32', [batch, classes]);
  return builder.build();
}

const dense = (builder: GraphBuilder, x: string, from: number, to: number) =>
  builder.add('MatMul', [x, builder.initializer('w', randomTensor(from + to, [from, to]))]);

describe('the inspection of a classifier', () => {
  it('counts operators, parameters and operations', async () => {
    const { file, model, warnings, ...rest } = await inspect(randomMlp(1, [20, 30, 10]));
    expect(file).toEqual({
      format: 'onnx',
      opsets: { '': 17 },
      nodes: 3,
      operators: [
        { operator: 'Gemm', count: 2, gradient: 'rule', note: '' },
        { operator: 'Relu', count: 1, gradient: 'rule', note: expect.any(String) },
      ],
      parameters: { tensors: 4, count: 20 * 30 + 30 + 30 * 10 + 10, bytes: 4 * 940 },
      inputs: [{ name: 'x', type: 'float32', shape: [BATCH, 20] }],
      outputs: [{ name: 'logits', type: 'float32', shape: [BATCH, 10] }],
    });
    expect(model).toMatchObject({ id: 'mlp', card: null, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(usable({ file, model, warnings, ...rest })).toMatchObject({
      input: { shape: [20], layout: 'flat', bounds: [0, 1] },
      forwardFlops: 2 * (20 * 30 + 30 * 10),
      gradient: { status: 'passes' },
      grouping: { forward: 'any', gradient: 'any' },
    });
    expect(warnings).toEqual([expect.stringContaining('no card')]);
  });

  it('takes layout, bounds and features from the card', async () => {
    const graph = network('with-card', [4, 4, 3], (builder, x) => {
      const flat = builder.addNamed('Flatten', [x], 'flat', { axis: int(1) });
      return dense(builder, flat, 48, 4);
    });
    const found = await inspect(graph, { input: { layout: 'NHWC', bounds: [0, 255] }, features: 'flat' });
    expect(found.warnings).toEqual([]);
    expect(usable(found)).toMatchObject({
      input: { shape: [4, 4, 3], layout: 'NHWC', bounds: [0, 255] },
      logits: 'scores',
      numClasses: 4,
      features: 'flat',
    });
  });

  it('says that a Softmax was left out and a batch of one opened', async () => {
    const graph = network(
      'softmax',
      [6],
      (builder, x) => builder.add('Softmax', [dense(builder, x, 6, 4)], { axis: int(1) }),
      4,
      1,
    );
    const found = await inspect(graph, {});
    expect(usable(found).softmaxRemoved).toBe(true);
    expect(found.warnings).toEqual([
      expect.stringContaining('batch of one'),
      expect.stringContaining('Softmax'),
    ]);
  });

  it('names what blocks the gradient, and whether straight-through gradients pass', async () => {
    const rounded = network('rounded', [6], (builder, x) =>
      builder.add('Round', [dense(builder, builder.add('Floor', [x]), 6, 4)]),
    );
    const found = await inspect(rounded, { gradient: 'straight-through' });
    expect(usable(found)).toMatchObject({
      grouping: { forward: 'any', gradient: 'any' },
      gradient: {
        status: 'blocked',
        blockers: [
          { operator: 'Floor', straightThroughPossible: true },
          { operator: 'Round', straightThroughPossible: true },
        ],
        straightThroughPasses: true,
        straightThroughByCard: true,
      },
    });

    const indices = network('indices', [4], (builder, x) => {
      const best = builder.add('ArgMax', [x], { axis: int(1), keepdims: int(1) });
      return builder.add('Mul', [x, builder.add('Cast', [best], { to: int(1) })]);
    });
    expect(usable(await inspect(indices, {}))).toMatchObject({
      grouping: { gradient: null },
      gradient: { status: 'blocked', straightThroughPasses: false, straightThroughByCard: false },
    });
  });

  it('warns of kernels that mind what else is in the batch', async () => {
    const found = await inspect(shortRows(8), {});
    expect(usable(found).grouping).toEqual({ forward: 'alone', gradient: expect.any(String) });
    expect(found.warnings).toContainEqual(expect.stringContaining('one at a time in forward'));
  });

  it('lists the random numbers a model draws', async () => {
    const noisy = network('noisy', [4], (builder, x) =>
      builder.add('Add', [x, builder.add('RandomNormalLike', [x], { scale: float(0.1) })]),
    );
    const found = await inspect(noisy, {});
    expect(usable(found).stochastic).toEqual([
      { name: expect.any(String), shape: [4], distribution: 'normal' },
    ]);
    expect(found.warnings).toContainEqual(expect.stringContaining('random numbers'));
    expect(found.file.operators).toContainEqual(
      expect.objectContaining({ operator: 'RandomNormalLike', gradient: 'random' }),
    );
  });
});

describe('the inspection of a file that is no classifier', () => {
  it('shows what is there, and why it is none', async () => {
    const builder = new GraphBuilder({ name: 'two-inputs', opsets: { '': 17, 'my.domain': 1 } });
    const a = builder.input('a', 'float32', [BATCH, 3]);
    const b = builder.input('b', 'int64', ['length']);
    builder.addNamed('Gather', [a, b], 'rows', { axis: int(1) });
    builder.addMany('Blend', ['rows', a], 1, {}, 'my.domain');
    builder.output('rows', 'float32', [BATCH, 'length']);
    const { file, classifier } = await inspect(builder.build());
    expect(classifier).toMatchObject({
      status: 'refused',
      code: 'GAUNTLET_E_MODEL_INVALID',
      reason: expect.stringContaining('takes one input'),
    });
    expect(file.inputs).toEqual([
      { name: 'a', type: 'float32', shape: [BATCH, 3] },
      { name: 'b', type: 'int64', shape: ['length'] },
    ]);
    expect(file.operators).toContainEqual(
      expect.objectContaining({ operator: 'my.domain.Blend', gradient: 'unknown' }),
    );
  });

  it('says which outputs could be the logits', async () => {
    const builder = new GraphBuilder({ name: 'two-heads', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [BATCH, 4]);
    for (const head of ['first', 'second']) {
      builder.addNamed('Mul', [x, builder.initializer('w', randomTensor(1, [4]))], head);
      builder.output(head, 'float32', [BATCH, 4]);
    }
    const graph = builder.build();
    expect((await inspect(graph)).classifier).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/first.*second/),
      help: expect.stringContaining('card'),
    });
    expect(usable(await inspect(graph, { output: 'second' })).logits).toBe('second');
  });

  it('counts operators inside of control flow', async () => {
    const body = (op: string): Graph => {
      const inner = new GraphBuilder({ name: op, opsets: { '': 17 } });
      const y = inner.add(op, ['x']);
      inner.output(y, 'float32', [BATCH, 4]);
      return inner.build();
    };
    const graph = network('branching', [4], (builder, x) => {
      const sum = builder.add('ReduceSum', [x, builder.ints([0, 1])], { keepdims: int(0) });
      const condition = builder.add('Greater', [sum, builder.scalar(0)]);
      return builder.add('If', [condition], {
        then_branch: { type: 'graph', value: body('Abs') },
        else_branch: { type: 'graph', value: body('Neg') },
      });
    });
    const { file } = await inspect(graph);
    const found = Object.fromEntries(file.operators.map(({ operator, gradient }) => [operator, gradient]));
    expect(found).toMatchObject({ If: 'blocked', Abs: 'rule', Neg: 'rule', Greater: 'cut' });
    expect(file.nodes).toBe(graph.nodes.length + 2);
  });

  it('is an error where there is no model at all', async () => {
    writeFileSync(join(folder, 'broken.onnx'), 'not a model');
    await expect(inspectModel(join(folder, 'broken.onnx'))).rejects.toMatchObject({
      key: 'MODEL_UNREADABLE',
    });
    await expect(inspectModel(join(folder, 'none.onnx'))).rejects.toMatchObject({ key: 'MODEL_NOT_FOUND' });
  });
});
