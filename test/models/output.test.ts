import { describe, expect, it } from '@jest/globals';
import type { GraphBuilder } from '../../src/graph/builder.js';
import { int } from '../../src/graph/builder.js';
import { BATCH } from '../../src/graph/ir.js';
import { loaded } from '../classifier/loaded.js';
import { dense, logitsOf, scoresOnly } from './dense.js';

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
