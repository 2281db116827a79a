import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH, type Dimension, type Graph } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import type { ModelCard } from '../../src/models/card.js';
import { inferLayout } from '../../src/models/input.js';
import { loadModel } from '../../src/models/load.js';
import { resolveModel } from '../../src/models/reference.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import { randomMlp, randomTensor } from '../fixtures/graphs.js';
import { engine, loaded, randomBatch } from '../classifier/loaded.js';

type Fields = Omit<ModelCard, 'schemaVersion'>;

/** A dense layer on the flattened input, then `tail` turns its scores [N, classes] into outputs. */
function dense(
  dims: readonly Dimension[],
  classes: number,
  tail: (builder: GraphBuilder, scores: string) => void,
  opset = 17,
): Graph {
  const builder = new GraphBuilder({ name: 'dense', opsets: { '': opset } });
  const size = dims.slice(1).reduce<number>((product, dim) => product * (dim as number), 1);
  builder.input('x', 'float32', dims);
  const flat = builder.add('Flatten', ['x'], { axis: int(1) });
  const weights = builder.initializer('w', randomTensor(9, [size, classes], 0.5));
  tail(builder, builder.addNamed('MatMul', [flat, weights], 'scores'));
  return builder.build();
}

const scoresOnly = (builder: GraphBuilder): void => builder.output('scores', 'float32', [BATCH, 3]);

async function logitsOf(graph: Graph, card: Fields = {}, count = 4) {
  const model = await loaded(graph, card);
  const classifier = await createClassifier(model, engine, { threads: 1 });
  try {
    const batch = randomBatch(3, count, model.input.shape);
    return { model, batch, logits: await classifier.logits(batch) };
  } finally {
    await classifier.dispose();
  }
}

describe('the layout of an input', () => {
  it.each([
    [[3, 32, 32], 'NCHW'],
    [[1, 28, 28], 'NCHW'],
    [[32, 32, 3], 'NHWC'],
    [[28, 28, 1], 'NHWC'],
    [[784], 'flat'],
    [[784, 1], 'flat'],
    [[1, 1, 784], 'flat'],
    [[5, 7, 9], 'flat'],
  ] as const)('of shape %j is %s', (shape, layout) => {
    expect(inferLayout(shape)).toBe(layout);
  });

  it('is what the card says where it says something', async () => {
    const graph = dense([BATCH, 3, 4, 3], 3, scoresOnly);
    expect((await loaded(graph)).input.layout).toBe('NCHW');
    expect((await loaded(graph, { input: { layout: 'NHWC' } })).input.layout).toBe('NHWC');
  });

  it('needs three dimensions to be an image', async () => {
    const card = { input: { layout: 'NHWC' } } as const;
    await expect(loaded(dense([BATCH, 6], 3, scoresOnly), card)).rejects.toMatchObject({
      key: 'CARD_INVALID',
    });
  });
});

describe('the input of a model', () => {
  it('is in [0, 1] unless the card says otherwise', async () => {
    const graph = dense([BATCH, 6], 3, scoresOnly);
    expect((await loaded(graph)).input).toEqual({ shape: [6], layout: 'flat', bounds: [0, 1] });
    expect((await loaded(graph, { input: { bounds: [-1, 1] } })).input.bounds).toEqual([-1, 1]);
  });

  it('takes any batch though the file was exported for a batch of one', async () => {
    const free = await logitsOf(dense([BATCH, 1, 4, 4], 3, scoresOnly), {}, 5);
    const fixed = await logitsOf(
      dense([1, 1, 4, 4], 3, (builder) => builder.output('scores', 'float32', [1, 3])),
      {},
      5,
    );
    expect(fixed.logits).toEqual(free.logits);
  });

  it.each([
    ['an open shape', ['n', 'c', 4], {}, 'MODEL_INVALID', /input shape open \(\[c, 4\]/],
    ["a shape unlike the card's", [BATCH, 6], { input: { shape: [7] } }, 'CARD_INVALID', /\[7\].*\[6\]/],
  ] as const)('with %s is refused', async (_what, dims, card, key, message) => {
    const builder = new GraphBuilder({ name: 'any', opsets: { '': 17 } });
    builder.input('x', 'float32', dims);
    builder.addNamed('Relu', ['x'], 'y');
    builder.output('y', 'float32', dims);
    const error = await loaded(builder.build(), card as unknown as Fields).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ key, message: expect.stringMatching(message) });
  });

  it('is filled in by the card where the file leaves it open', async () => {
    const builder = new GraphBuilder({ name: 'open', opsets: { '': 17 } });
    builder.input('x', 'float32', ['n', 'features']);
    builder.addNamed('MatMul', ['x', builder.initializer('w', randomTensor(2, [6, 3]))], 'y');
    builder.output('y', 'float32', ['n', 3]);
    expect((await loaded(builder.build(), { input: { shape: [6] } })).input.shape).toEqual([6]);
  });

  it('must be one batch of float32', async () => {
    const integers = new GraphBuilder({ name: 'integers', opsets: { '': 17 } });
    integers.input('x', 'int64', [BATCH, 3]);
    integers.addNamed('Cast', ['x'], 'y', { to: int(1) });
    integers.output('y', 'float32', [BATCH, 3]);
    await expect(loaded(integers.build())).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringContaining('x: int64'),
    });
    const two = new GraphBuilder({ name: 'two', opsets: { '': 17 } });
    two.input('a', 'float32', [BATCH, 3]);
    two.input('b', 'float32', [BATCH, 3]);
    two.addNamed('Add', ['a', 'b'], 'y');
    two.output('y', 'float32', [BATCH, 3]);
    await expect(loaded(two.build())).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringMatching(/a: .*b: /),
    });
  });
});

describe('preprocessing in a card', () => {
  it.each([
    ['channels first', [BATCH, 3, 4, 4], (i: number) => Math.floor(i / 16) % 3],
    ['channels last', [BATCH, 5, 5, 3], (i: number) => i % 3],
  ] as const)('is applied to raw inputs as (x * scale - mean) / std, %s', async (_what, dims, channelOf) => {
    const graph = dense(dims, 3, scoresOnly);
    const [scale, mean, std] = [255, [100, 120, 140], [50, 60, 70]] as const;
    const inside = await logitsOf(graph, { preprocessing: { scale, mean: [...mean], std: [...std] } });
    const classifier = await createClassifier(await loaded(graph), engine, { threads: 1 });
    const outside = await classifier.logits({
      ...inside.batch,
      data: inside.batch.data.map((x, i) => (x * scale - mean[channelOf(i)]!) / std[channelOf(i)]!),
    });
    await classifier.dispose();
    inside.logits.forEach((value, i) => expect(value).toBeCloseTo(outside[i]!, 4));
  });

  it('may give one value for all', async () => {
    const graph = dense([BATCH, 6], 3, scoresOnly);
    const plain = await logitsOf(graph);
    const halved = await logitsOf(graph, { preprocessing: { mean: 0, std: 2 } });
    halved.logits.forEach((value, i) => expect(value).toBeCloseTo(plain.logits[i]! / 2, 5));
  });

  it('is refused when it has not one value per channel', async () => {
    const graph = dense([BATCH, 3, 4, 4], 3, scoresOnly);
    await expect(loaded(graph, { preprocessing: { mean: [0.5, 0.5] } })).rejects.toMatchObject({
      key: 'CARD_INVALID',
      message: expect.stringMatching(/preprocessing\.mean has 2 values.*3 channel/),
    });
  });
});

describe('the logits of a model', () => {
  it.each([
    ['[N, K, 1, 1]', [-1, 3, 1, 1]],
    ['[1, N, K]', [1, -1, 3]],
    ['[N, 1, K]', [-1, 1, 3]],
  ])('of shape %s are read as [N, K]', async (_shape, dims) => {
    const graph = dense([BATCH, 6], 3, (builder, scores) => {
      builder.addNamed('Reshape', [scores, builder.ints(dims)], 'odd');
      builder.output(
        'odd',
        'float32',
        dims.map((dim) => (dim === -1 ? BATCH : dim)),
      );
    });
    const plain = await logitsOf(dense([BATCH, 6], 3, scoresOnly));
    const { logits, model } = await logitsOf(graph);
    expect(model.numClasses).toBe(3);
    expect(logits).toEqual(plain.logits);
  });

  it.each([
    [
      'in one node',
      (builder: GraphBuilder, scores: string) => builder.addNamed('Softmax', [scores], 'p', { axis: int(1) }),
    ],
    [
      'over the last axis by default',
      (builder: GraphBuilder, scores: string) => builder.addNamed('Softmax', [scores], 'p'),
    ],
    [
      'behind an Identity',
      (builder: GraphBuilder, scores: string) =>
        builder.addNamed('Identity', [builder.add('Softmax', [scores])], 'p'),
    ],
  ])('are taken from below a Softmax at the end (%s)', async (_where, tail) => {
    const graph = dense([BATCH, 6], 3, (builder, scores) => {
      tail(builder, scores);
      builder.output('p', 'float32', [BATCH, 3]);
    });
    const { model, logits } = await logitsOf(graph);
    expect(model.softmaxRemoved).toBe(true);
    expect(logits).toEqual((await logitsOf(dense([BATCH, 6], 3, scoresOnly))).logits);
  });

  it('are left alone below a Softmax that is not over the classes', async () => {
    const graph = dense([BATCH, 6], 4, (builder, scores) => {
      const square = builder.add('Reshape', [scores, builder.ints([-1, 2, 2])]);
      const soft = builder.add('Softmax', [square], { axis: int(2) });
      builder.addNamed('Reshape', [soft, builder.ints([-1, 4])], 'p');
      builder.output('p', 'float32', [BATCH, 4]);
    });
    const { model, logits } = await logitsOf(graph);
    expect(model.softmaxRemoved).toBe(false);
    expect(logits[0]! + logits[1]!).toBeCloseTo(1, 5);
  });

  const twoHeads = dense([BATCH, 6], 3, (builder, scores) => {
    builder.addNamed('Relu', [scores], 'second');
    scoresOnly(builder);
    builder.output('second', 'float32', [BATCH, 3]);
  });

  it('must be named by a card when several outputs could be them', async () => {
    await expect(loaded(twoHeads)).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringMatching(
        /several outputs.*scores: float32\[batch, 3\]; second: float32\[batch, 3\]/,
      ),
    });
    const { logits } = await logitsOf(twoHeads, { output: 'second' });
    expect(Math.min(...logits)).toBe(0);
  });

  it('are chosen by shape, or by the name "logits"', async () => {
    const image = dense([BATCH, 6], 4, (builder, scores) => {
      builder.addNamed('Reshape', [scores, builder.ints([-1, 2, 2])], 'map');
      builder.addNamed('Relu', [scores], 'logits');
      builder.output('map', 'float32', [BATCH, 2, 2]);
      builder.output('logits', 'float32', [BATCH, 4]);
    });
    expect((await loaded(image)).logits).toBe('logits');
    const features = dense([BATCH, 6], 4, (builder, scores) => {
      builder.addNamed('Relu', [scores], 'logits');
      builder.output('scores', 'float32', [BATCH, 4]);
      builder.output('logits', 'float32', [BATCH, 4]);
    });
    expect((await loaded(features)).logits).toBe('logits');
  });

  it.each([
    ['an output that is not there', { output: 'scorse' }, /"scorse".*did you mean "scores"/],
    ['features that are not there', { output: 'scores', features: 'nothing' }, /features names "nothing"/],
    ['another number of classes', { output: 'scores', numClasses: 10 }, /numClasses is 10.*3/],
    ['features without a batch', { output: 'scores', features: 'w' }, /features names "w".*float32\[6, 3\]/],
  ])('and a card that names %s do not go together', async (_what, card, message) => {
    await expect(loaded(twoHeads, card)).rejects.toMatchObject({
      key: 'CARD_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('must be at least two', async () => {
    const graph = dense([BATCH, 6], 1, (builder) => builder.output('scores', 'float32', [BATCH, 1]));
    await expect(loaded(graph)).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringContaining('scores'),
    });
  });
});

describe('a model file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gauntlet-load-'));
  });
  const save = async (name: string, content: Uint8Array): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const load = async (path: string) => loadModel(await resolveModel(path), engine);

  it('loads with its identity and size', async () => {
    const content = writeOnnx(randomMlp(1, [6, 4]));
    const model = await load(await save('good.onnx', content));
    expect(model).toMatchObject({ id: 'good', bytes: content.length, numClasses: 4, softmaxRemoved: false });
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('cut short is unreadable, wherever the cut', async () => {
    const content = writeOnnx(randomMlp(2, [6, 4]));
    for (const part of [0, 0.1, 0.5, 0.9]) {
      const path = await save('cut.onnx', content.subarray(0, Math.floor(part * content.length)));
      await expect(load(path)).rejects.toMatchObject({
        key: 'MODEL_UNREADABLE',
        message: expect.stringContaining(path),
      });
    }
  });

  it('with weights that are not finite is refused, naming the tensor', async () => {
    const graph = randomMlp(3, [6, 4]);
    const [name, weights] = [...graph.initializers][0]!;
    const data = Float32Array.from(weights.data as Float32Array);
    data[5] = NaN;
    const diverged = {
      ...graph,
      initializers: new Map(graph.initializers).set(name, floatTensor(data, weights.dims)),
    };
    await expect(load(await save('nan.onnx', writeOnnx(diverged)))).rejects.toMatchObject({
      key: 'MODEL_WEIGHTS',
      message: expect.stringContaining(`"${name}"`),
    });
  });

  it('with an operator no engine knows is refused, naming it', async () => {
    const graph = dense([BATCH, 6], 3, (builder, scores) => {
      builder.addNamed('Frobnicate', [scores], 'y');
      builder.output('y', 'float32', [BATCH, 3]);
    });
    const error = load(await save('unknown.onnx', writeOnnx(graph)));
    await expect(error).rejects.toMatchObject({
      code: expect.stringMatching(/^GAUNTLET_E_/),
      message: expect.stringContaining('Frobnicate'),
    });
  });

  it('that changed since it was resolved is refused', async () => {
    const path = await save('changing.onnx', writeOnnx(randomMlp(4, [6, 4])));
    const reference = await resolveModel(path);
    await save('changing.onnx', writeOnnx(randomMlp(5, [6, 4])));
    await expect(loadModel(reference, engine)).rejects.toMatchObject({ key: 'MODEL_INVALID' });
  });
});
