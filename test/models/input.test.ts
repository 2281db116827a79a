import { describe, expect, it } from '@jest/globals';
import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH } from '../../src/graph/ir.js';
import { inferLayout } from '../../src/models/input.js';
import { randomTensor } from '../fixtures/graphs.js';
import { engine, loaded } from '../classifier/loaded.js';
import { dense, logitsOf, scoresOnly, type Fields } from './dense.js';

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
